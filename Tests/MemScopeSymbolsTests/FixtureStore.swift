import Foundation

/// Keeps what was built, so that tests that run side by side build each program once.
actor FixtureStore {
    static let shared = FixtureStore()

    private var built: [String: Task<String, any Error>] = [:]

    func build(_ fixture: Fixture) async throws -> String {
        if let task = built[fixture.testDescription] { return try await task.value }
        let task = Task {
            let folder = try Fixture.scratchFolder()
            let output = folder.appendingPathComponent("program").path
            let source = Fixture.sources.appendingPathComponent(fixture.source).path
            try Tool.run(
                fixture.compiler,
                fixture.flags + ["-Wl,--build-id"].filter { _ in fixture.compiler != "swiftc" }
                    + [source, "-o", output])
            return output
        }
        built[fixture.testDescription] = task
        return try await task.value
    }
}
