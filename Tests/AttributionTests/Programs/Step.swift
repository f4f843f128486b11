/// A step of a random program.
indirect enum Step: Sendable {
    // What every body can do.
    case keep(count: Int, size: Int)
    case pass(count: Int, size: Int)
    /// Blocks that a thread outside of all tasks frees, some time.
    case post(count: Int, size: Int)
    /// Frees what others have posted.
    case collect
    case scope(String, [Step])
    case scopeThatThrows(String, [Step])
    /// The same scope several times.
    case runs(String, Int, [Step])
    case call(depth: Int, [Step])
    /// A task that nobody waits for before the program's end.
    case loose([Step])
    /// A task that an executor runs at once, inside of whatever is running.
    case inline(String, [Step])

    // What only asynchronous bodies can do.
    case asyncScope(String, [Step])
    case asyncScopeThatThrows(String, [Step])
    case asyncRuns(String, Int, [Step])
    case letBound([[Step]])
    case group([[Step]])
    /// One child throws, which cancels the others.
    case groupThatThrows([[Step]])
    case task([Step])
    case named(String, [Step])
    case detached([Step])
    /// A task that goes on when the scope around its creation is over.
    case straggler(before: [Step], after: [Step])
    /// A task that is there until the report has been written.
    case resident(String, [Step])
    case cancelledSleep([Step])
    case cancelledEarly([[Step]])
    case cancellationHandler(String, [Step])
    case actor([Step])
    case mainActor([Step])
    case ownTaskLocals([Step])
    case sleep
    case yield
    case continuation
}
