@testable import memscope

/// The machine number of this machine, for hand-made files.
enum ExecutableMachine {
    static let host = ExecutableInspection.hostMachine
}
