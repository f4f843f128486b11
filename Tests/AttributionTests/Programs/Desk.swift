/// An actor to hop to.
actor Desk {
    static let shared = Desk()

    func perform(_ steps: [Step], in program: Program) async {
        await program.perform(steps)
    }

    @MainActor
    static func performOnMain(_ steps: [Step], in program: Program) async {
        await program.perform(steps)
    }
}
