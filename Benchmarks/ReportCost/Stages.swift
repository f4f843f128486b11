/// How long the stages of one piece of work took.
struct Stages {
    private var figures: [(name: String, value: String)] = []
    private var total = Duration.zero

    /// Does a stage.
    mutating func time<Result, Failure: Error>(
        _ name: String, _ work: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let begin = ContinuousClock.now
        let result = try work()
        let took = ContinuousClock.now - begin
        total += took
        figures.append((name, Self.milliseconds(took)))
        return result
    }

    /// Notes how much work it was.
    mutating func count(_ name: String, _ value: Int) { figures.append((name, String(value))) }

    /// Prints the figures and their sum as a JSON object on a line.
    func report() {
        let all = [("total", Self.milliseconds(total))] + figures
        print("{\(all.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", "))}")
    }

    private static func milliseconds(_ duration: Duration) -> String { String(duration / .milliseconds(1)) }
}
