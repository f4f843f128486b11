extension Report {
    /// A function and a line in it. Its keys stand in the row that has it.
    package struct Frame: Codable, Sendable, Hashable {
        /// The function's name; module and offset, or the address, if there is no name.
        package var function: String
        /// The source file, empty if unknown.
        package var file: String
        /// The line, 0 if unknown.
        package var line: Int
        /// The module's file name, empty if unknown.
        package var module: String
        /// Whether the compiler put the function's body into its caller.
        package var isInlined: Bool
        /// Whether it belongs to a language runtime or to the allocator rather than to the program.
        package var isRuntime: Bool

        /// Creates a frame.
        package init(
            function: String, file: String = "", line: Int = 0, module: String = "", isInlined: Bool = false,
            isRuntime: Bool = false
        ) {
            self.function = function
            self.file = file
            self.line = line
            self.module = module
            self.isInlined = isInlined
            self.isRuntime = isRuntime
        }

        /// The function with its file and line where these are known: `Cache.fill() (Cache.swift:9)`.
        package var place: String {
            line > 0 ? "\(function) (\(file.split(separator: "/").last ?? ""):\(line))" : function
        }
    }
}
