internal import Glibc
internal import Hummingbird
internal import Logging
internal import MemScopeHummingbird
internal import MemScopeServiceLifecycle
internal import ServiceLifecycle
internal import UnixSignals

/// A Hummingbird server to put a load on: `/plain` answers at once, `/keep` keeps a kibibyte a request, `/feed` makes
/// temporaries in child tasks, `/leak` leaks a cycle of two objects a request.
///
/// The arguments are the port, 0 for any, and where the report goes at shutdown. Without the second one nothing is
/// tracked. SIGTERM ends the server.
@main
struct Server {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let port = arguments.first.flatMap { Int($0) } ?? 8080
        var logger = Logger(label: "server")
        logger.logLevel = .warning
        let archive = Archive()
        let router = Router()
        router.add(middleware: ScopeMiddleware())
        router.get("plain") { _, _ in "hello\n" }
        router.get("keep") { _, _ in "\(await archive.keep())\n" }
        router.get("feed") { _, _ in await Feed.render() }
        router.get("leak") { _, _ in
            Visit.begin()
            return "gone\n"
        }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                print("listening on \(channel.localAddress?.port ?? port)")
                fflush(nil)
            }, logger: logger)
        var services: [any Service] = [application]
        if let directory = arguments.dropFirst().first {
            services.insert(MemoryTrackerService(reportTo: directory, logger: logger), at: 0)
        }
        let group = ServiceGroup(services: services, gracefulShutdownSignals: [.sigterm], logger: logger)
        try await group.run()
    }
}
