// Functions that copy storage again and again without need, and functions that only look like it. Each is a case whose
// name begins with `needless` or `fine`; `check.py` compares that with what the report infers.
//
// What makes a copy needless: the storage that was copied is let go at once, so it could have been changed in place.

let rounds = 400

struct Point { var x = 0, y = 0 }

final class Ledger {
    var entries = [Int](repeating: 0, count: 300)
    var names = [String: Int](uniqueKeysWithValues: (0..<200).map { ("name number \($0) of many", $0) })
    var watched = [Int](repeating: 0, count: 300) { didSet { changes &+= oldValue.count } }
    var changes = 0
}

enum Shape {
    case path([Point])
    case none
}

struct Document {
    var lines = [Int](repeating: 1, count: 400)
    func with(_ line: Int, at index: Int) -> Document {
        var copy = self
        copy.lines[index] = line
        return copy
    }
}

/// Keeps the optimiser from seeing through.
@inline(never) func use<Value>(_ value: borrowing Value) {}
@inline(never) func opaque<Value>(_ value: Value) -> Value { value }

// MARK: needless

@inline(never) func needlessTakeChangePutBackInDictionary() {
    var lists = ["a": [Int](repeating: 0, count: 250)]
    for round in 0..<rounds {
        var list = lists["a"]!
        list[round % 250] = round
        lists["a"] = list
    }
    use(lists)
}

@inline(never) func needlessTakeChangePutBackInProperty() {
    let ledger = opaque(Ledger())
    for round in 0..<rounds {
        var entries = ledger.entries
        entries[round % 300] = round
        ledger.entries = entries
    }
    use(ledger.entries)
}

@inline(never) func needlessTakeChangePutBackOfDictionary() {
    let ledger = opaque(Ledger())
    for round in 0..<rounds {
        var names = ledger.names
        names["name number 7 of many"] = round
        ledger.names = names
    }
    use(ledger.names)
}

@inline(never) func needlessObservedProperty() {
    let ledger = opaque(Ledger())
    for round in 0..<rounds { ledger.watched[round % 300] = round }
    use(ledger.watched)
}

@inline(never) func needlessRowOfMatrix() {
    var matrix = [[Int]](repeating: [Int](repeating: 0, count: 128), count: 8)
    for round in 0..<rounds {
        var row = matrix[round % 8]
        row[round % 128] = round
        matrix[round % 8] = row
    }
    use(matrix)
}

@inline(never) func needlessPayloadOfEnum() {
    var shape = opaque(Shape.path([Point](repeating: Point(), count: 100)))
    for round in 0..<rounds {
        guard case .path(var points) = shape else { return }
        points[round % 100].x = round
        shape = .path(points)
    }
    use(shape)
}

@inline(never) func needlessChainOfValues() {
    var document = opaque(Document())
    for round in 0..<rounds { document = document.with(round, at: round % 400) }
    use(document)
}

@inline(never) func needlessLastVersionKept() {
    var current = opaque([Int](repeating: 0, count: 256))
    var last = current
    for round in 0..<rounds {
        last = current
        current[round % 256] = round
    }
    use(last)
    use(current)
}

@inline(never) func needlessSetBehindOptional() {
    var seen: Set<Int>? = Set(0..<200)
    for round in 0..<rounds {
        var set = seen!
        set.insert(round % 150)
        set.remove(round % 150)
        seen = set
    }
    use(seen)
}

@inline(never) func changed(_ list: [Int], _ round: Int) -> [Int] {
    var list = list
    list[round % list.count] = round
    return list
}
@inline(never) func needlessByReturnValue() {
    var list = opaque([Int](repeating: 0, count: 300))
    for round in 0..<rounds { list = changed(list, round) }
    use(list)
}

@inline(never) func needlessAppendToTaken() {
    let ledger = opaque(Ledger())
    for round in 0..<rounds {
        var entries = ledger.entries
        entries.append(round)
        ledger.entries = entries
    }
    use(ledger.entries)
}

@inline(never) func needlessSwapInTaken() {
    var lists = [1: [Int](0..<500)]
    for round in 0..<rounds {
        var list = lists[1]!
        list.swapAt(round % 500, 3)
        lists[1] = list
    }
    use(lists)
}

@inline(never) func needlessStateOfReducer() {
    struct State {
        var items = [Point](repeating: Point(), count: 120)
        var count = 0
    }
    var state = opaque(State())
    let reduce: (State, Int) -> State = opaque { state, round in
        var next = state
        next.items[round % 120].y = round
        next.count += 1
        return next
    }
    for round in 0..<rounds { state = reduce(state, round) }
    use(state)
}

@inline(never) func needlessDictionaryOfSets() {
    var groups = ["g": Set(0..<120)]
    for round in 0..<rounds {
        var group = groups["g"]!
        group.insert(round % 100)
        group.remove(round % 100)
        groups["g"] = group
    }
    use(groups)
}

/// Many lists, and all of them still there at the end.
@inline(never) func needlessOneOfMany() {
    lists = [Int: [Int]](uniqueKeysWithValues: (0..<30).map { ($0, [Int](repeating: $0, count: 100)) })
    for round in 0..<rounds * 4 {
        var list = lists[round % 30]!
        list[round % 100] = round
        lists[round % 30] = list
    }
}
nonisolated(unsafe) var lists: [Int: [Int]] = [:]

@inline(never) func needlessOneOfManyObjects() {
    ledgers = (0..<20).map { _ in Ledger() }
    for round in 0..<rounds * 3 {
        var entries = ledgers[round % 20].entries
        entries[round % 300] = round
        ledgers[round % 20].entries = entries
    }
}
nonisolated(unsafe) var ledgers: [Ledger] = []

// MARK: fine

@inline(never) func fineGrowthOfMany() {
    for _ in 0..<rounds {
        var list: [Int] = []
        for number in 0..<200 { list.append(number) }
        use(list)
    }
}

@inline(never) func fineReserved() {
    for _ in 0..<rounds {
        var list: [Int] = []
        list.reserveCapacity(300)
        for number in 0..<300 { list.append(number) }
        use(list)
    }
}

@inline(never) func fineMapped() {
    let source = opaque([Int](0..<300))
    for round in 0..<rounds { use(source.map { $0 + round }) }
}

@inline(never) func fineRepeated() {
    for round in 0..<rounds { use([Int](repeating: round, count: 300)) }
}

@inline(never) func fineChangedInPlace() {
    var list = opaque([Int](repeating: 0, count: 300))
    for round in 0..<rounds { list[round % 300] = round }
    use(list)
}

@inline(never) func fineHistoryKept() {
    var history: [[Int]] = []
    var current = opaque([Int](repeating: 0, count: 128))
    for round in 0..<rounds {
        history.append(current)
        current[round % 128] = round
    }
    kept.append(history)
}
nonisolated(unsafe) var kept: [[[Int]]] = []

@inline(never) func fineFewCopies() {
    let ledger = opaque(Ledger())
    for round in 0..<5 {
        var entries = ledger.entries
        entries[round] = round
        ledger.entries = entries
    }
    use(ledger.entries)
}

@inline(never) func fineDictionaryGrowth() {
    for round in 0..<rounds {
        var counts: [Int: Int] = [:]
        for number in 0..<60 { counts[number, default: 0] += round }
        use(counts)
    }
}

/// The original is needed again: each round works on a copy of it.
@inline(never) func fineScratchCopy() {
    let original = opaque([Int](0..<300))
    for round in 0..<rounds {
        var scratch = original
        scratch[round % 300] = 0
        use(scratch)
    }
}

@inline(never) func fineScratchDictionary() {
    let original = opaque(Ledger()).names
    for round in 0..<rounds {
        var scratch = original
        scratch["name number 3 of many"] = round
        use(scratch)
    }
}

@inline(never) func fineSortedEachTime() {
    let source = opaque([Int]((0..<300).reversed()))
    for _ in 0..<rounds { use(source.sorted()) }
}

@inline(never) func fineSlicesMadeArrays() {
    let source = opaque([Int](0..<600))
    for round in 0..<rounds { use([Int](source[(round % 100)..<(round % 100 + 300)])) }
}

@inline(never) func fineInPlaceInDictionary() {
    var lists = ["a": [Int](repeating: 0, count: 250)]
    for round in 0..<rounds { lists["a"]![round % 250] = round }
    use(lists)
}

@inline(never) func fineTexts() {
    for round in 0..<rounds {
        var text = ""
        for number in 0..<40 { text += "part \(number + round), " }
        use(text)
    }
}

/// Each version goes to somebody else, who has it for a while.
@inline(never) func fineHandedOut() {
    var current = opaque([Int](repeating: 0, count: 128))
    var window: [[Int]] = []
    for round in 0..<rounds {
        window.append(current)
        if window.count > 40 { window.removeFirst() }
        current[round % 128] = round
    }
    use(window)
}

/// As a list of versions to go back to, of which the last twenty stay.
@inline(never) func fineUndo() {
    var document = opaque(Document())
    var versions: [Document] = []
    for round in 0..<rounds {
        versions.append(document)
        if versions.count > 20 { versions.removeFirst() }
        document.lines[round % 400] = round
    }
    use(versions)
}

/// Two go on from one beginning, and both are looked at.
@inline(never) func fineBranches() {
    let start = opaque([Int](repeating: 0, count: 200))
    for round in 0..<rounds / 2 {
        var left = start
        var right = start
        left[round % 200] = 1
        right[round % 200] = 2
        use(left)
        use(right)
    }
}

@inline(never) func fineObjectsAndArrays() {
    for _ in 0..<rounds / 10 { use(Ledger()) }
}

needlessTakeChangePutBackInDictionary()
needlessTakeChangePutBackInProperty()
needlessTakeChangePutBackOfDictionary()
needlessObservedProperty()
needlessRowOfMatrix()
needlessPayloadOfEnum()
needlessChainOfValues()
needlessLastVersionKept()
needlessSetBehindOptional()
needlessByReturnValue()
needlessAppendToTaken()
needlessSwapInTaken()
needlessStateOfReducer()
needlessDictionaryOfSets()
needlessOneOfMany()
needlessOneOfManyObjects()
fineGrowthOfMany()
fineReserved()
fineMapped()
fineRepeated()
fineChangedInPlace()
fineHistoryKept()
fineFewCopies()
fineDictionaryGrowth()
fineScratchCopy()
fineScratchDictionary()
fineSortedEachTime()
fineSlicesMadeArrays()
fineInPlaceInDictionary()
fineTexts()
fineHandedOut()
fineUndo()
fineBranches()
fineObjectsAndArrays()
