internal import Testing

/// All that drives the built executable, one test after the other: a file that one test writes and executes must not be
/// open for writing in a process that another test is starting just then.
@Suite("memscope run", .serialized)
struct RunTests {}
