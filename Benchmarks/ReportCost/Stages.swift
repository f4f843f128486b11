import Glibc

/// How long the stages of one piece of work took, in milliseconds.
struct Stages {
    private var figures: [(name: String, value: String)] = []
    private var elapsed = 0.0
    private var cpu = 0.0

    /// Does a stage.
    mutating func time<Result, Failure: Error>(
        _ name: String, _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let begin = (Self.now(CLOCK_MONOTONIC), Self.now(CLOCK_PROCESS_CPUTIME_ID))
        let result = try work()
        let stageCPU = Self.now(CLOCK_PROCESS_CPUTIME_ID) - begin.1
        elapsed += Self.now(CLOCK_MONOTONIC) - begin.0
        cpu += stageCPU
        figures.append((name, String(stageCPU)))
        return result
    }

    /// Notes how much work it was.
    mutating func count(_ name: String, _ value: Int) { figures.append((name, String(value))) }

    /// Prints a JSON object on a line: the time that passed in all stages, and processor time, in all and in each.
    func report() {
        let all = [("elapsed", String(elapsed)), ("cpu", String(cpu))] + figures
        print("{\(all.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", "))}")
    }

    private static func now(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
}
