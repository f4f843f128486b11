/// What libraries leave behind that nobody who uses them can help.
///
/// Only what was seen: dispatch queues, tasks, formatters and locales (ICU), JSON, regular expressions, the GNU C library's locales, name
/// services, loading and threads, `python3` and `git` leave nothing that no root leads to.
extension LeakSuppressions {
    /// The list in a suppression file's form, each entry below its reason.
    package static let builtInText = """
        # Before each request URLSession of swift-corelibs-foundation (6.3) compares the host with that of the request before. The handle of
        # libcurl's that it takes the URL apart with is freed, the parts in it are not: three or four small blocks a request.
        leak:CFURLSessionCurlHostIsEqual
        """
}
