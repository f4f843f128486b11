/// Makes up programs.
struct Generator {
    private var dice: Dice
    private let number: Int
    /// Steps that may still be added, so that programs end.
    private var budget: Int
    private var names = 0

    init(seed: UInt64, number: Int) {
        dice = Dice(seed: seed &+ UInt64(number) &* 0x1_0001)
        self.number = number
        budget = 10 + dice.roll(50)
    }

    mutating func program() -> [Step] {
        var steps: [Step] = []
        while budget > 0 { steps += asynchronous(depth: 0) }
        return steps
    }

    private mutating func name(_ kind: String) -> String {
        names += 1
        return "\(kind) \(number).\(names)"
    }

    /// Names of scopes come from a few, so that paths repeat.
    private mutating func scopeName() -> String { "scope \(dice.roll(4))" }

    private mutating func bodies(_ most: Int, depth: Int) -> [[Step]] {
        (0..<(1 + dice.roll(most))).map { _ in asynchronous(depth: depth + 1) }
    }

    private mutating func block() -> Step {
        let (count, size) = (1 + dice.roll(5), 1 + dice.roll(3000))
        switch dice.roll(4) {
        case 0: return .keep(count: count, size: size)
        case 1: return .pass(count: count, size: size)
        case 2: return .post(count: count, size: size)
        default: return .collect
        }
    }

    private mutating func synchronous(depth: Int) -> [Step] {
        var steps = [block()]
        for _ in 0..<dice.roll(4) {
            budget -= 1
            if budget <= 0 || depth > 5 { break }
            switch dice.roll(9) {
            case 0, 1: steps.append(.scope(scopeName(), synchronous(depth: depth + 1)))
            case 2: steps.append(.scopeThatThrows(scopeName(), synchronous(depth: depth + 1)))
            case 3: steps.append(.runs(scopeName(), 2 + dice.roll(4), synchronous(depth: depth + 2)))
            case 4: steps.append(.call(depth: 1 + dice.roll(30), synchronous(depth: depth + 1)))
            case 5: steps.append(.loose(asynchronous(depth: depth + 1)))
            case 6: steps.append(.inline(scopeName(), synchronous(depth: depth + 1)))
            default: steps.append(block())
            }
        }
        return steps
    }

    private mutating func asynchronous(depth: Int) -> [Step] {
        var steps = synchronous(depth: depth)
        for _ in 0..<(1 + dice.roll(4)) {
            budget -= 1
            if budget <= 0 || depth > 5 { break }
            steps.append(step(depth: depth))
        }
        return steps
    }

    private mutating func step(depth: Int) -> Step {
        switch dice.roll(25) {
        case 0, 1, 2: .asyncScope(scopeName(), asynchronous(depth: depth + 1))
        case 3: .asyncScopeThatThrows(scopeName(), asynchronous(depth: depth + 1))
        case 4: .asyncRuns(scopeName(), 2 + dice.roll(4), asynchronous(depth: depth + 2))
        case 5: .letBound(bodies(3, depth: depth))
        case 6: .group(bodies(4, depth: depth))
        case 7: .groupThatThrows(bodies(4, depth: depth))
        case 8: .task(asynchronous(depth: depth + 1))
        case 9: .named(name("named"), asynchronous(depth: depth + 1))
        case 10: .detached(asynchronous(depth: depth + 1))
        case 11: .straggler(before: synchronous(depth: depth + 1), after: asynchronous(depth: depth + 1))
        case 12: .resident(name("resident"), asynchronous(depth: depth + 1))
        case 13: .cancelledSleep(synchronous(depth: depth + 1))
        case 14: .cancelledEarly(bodies(3, depth: depth))
        case 15: .cancellationHandler(scopeName(), asynchronous(depth: depth + 1))
        case 16: .actor(asynchronous(depth: depth + 1))
        case 17: .mainActor(asynchronous(depth: depth + 1))
        case 18: .ownTaskLocals(asynchronous(depth: depth + 1))
        case 19: .sleep
        case 20: .continuation
        case 21: .call(depth: 1 + dice.roll(30), asynchronous(depth: depth + 1))
        default: .yield
        }
    }
}
