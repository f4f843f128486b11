import Foundation

/// The storage of strings and collections.
enum CollectionCases {
    final class Item: Hashable {
        let number: Int
        init(_ number: Int) { self.number = number }
        static func == (one: Item, other: Item) -> Bool { one.number == other.number }
        func hash(into hasher: inout Hasher) { hasher.combine(number) }
    }

    nonisolated(unsafe) static var texts: [String] = []
    nonisolated(unsafe) static var parts: [Substring] = []
    nonisolated(unsafe) static var bridged: [NSString] = []
    nonisolated(unsafe) static var slices: [ArraySlice<Item>] = []
    nonisolated(unsafe) static var tables: [[String: Item]] = []
    nonisolated(unsafe) static var sets: [Set<Item>] = []
    nonisolated(unsafe) static var data: [Data] = []

    static let all: [String: @Sendable (Int) -> Void] = [
        "heldStrings": { n in
            for i in 0..<n {
                texts.append(longText(i))
                parts.append(longText(i).dropFirst(20))
                bridged.append(NSString(string: longText(i)))
                texts.append(String(NSMutableString(string: longText(i))))
            }
        },
        "lostStrings": { n in for i in 0..<n { loseCell(longText(i)) } },
        "lostBridgedStrings": { n in for i in 0..<n { lose(NSString(string: longText(i))) } },
        "heldCollections": { n in
            for i in 0..<n {
                slices.append([Item(i), Item(i + 1), Item(i + 2)][1...])
                tables.append([longText(i): Item(i)])
                sets.append([Item(i), Item(i + 1)])
                data.append(Data(repeating: 7, count: 100))
            }
        },
        "lostArrays": { n in for i in 0..<n { loseCell([Item(i), Item(i + 1)]) } },
        "lostDictionaries": { n in for i in 0..<n { loseCell([longText(i): Item(i)]) } },
        "lostSets": { n in for i in 0..<n { loseCell(Set([Item(i)])) } },
        "lostData": { n in for _ in 0..<n { loseCell(Data(repeating: 7, count: 100)) } },
    ]
}
