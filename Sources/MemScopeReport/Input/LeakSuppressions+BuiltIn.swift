/// What libraries are known to leave behind, and nobody who uses them can help.
extension LeakSuppressions {
    /// One line `leak:PATTERN` for each, with the reason above it.
    package static let builtInText = """
        """
}
