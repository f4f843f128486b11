import MemScope

/// A program that links MemScope and uses it in the way that its first argument names.
@main
struct Doors {
    static func main() async throws {
        let arguments = CommandLine.arguments
        let output = arguments.count > 2 ? arguments[2] : "out"
        switch arguments.dropFirst().first {
        case "scopes": try await Scopes.run(output)
        default: say("unknown")
        }
    }
}
