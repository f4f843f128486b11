internal import Foundation
internal import Testing

/// A report as its readers see it: what the JSON says.
struct DoorsReport {
    /// The bytes of the one kind of block that the program allocates.
    static let block = 1_000_000

    /// One row of `scopes`, with its place in the tree of scopes.
    struct Scope {
        let row: [String: Any]
        let path: String

        func figure(_ key: String) -> Int { row[key] as? Int ?? -1 }
        /// Blocks allocated in the scope and below.
        var blocks: Int { figure("allocatedBytes") / block }
        /// Blocks allocated in the scope itself.
        var selfBlocks: Int { figure("selfAllocatedBytes") / block }
    }

    let root: [String: Any]
    let scopes: [String: Scope]

    init(_ file: URL) throws {
        root = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let rows = try #require(root["scopes"] as? [[String: Any]])
        var paths: [String] = []
        for row in rows {
            let name = row["name"] as? String ?? "?"
            let parent = row["parent"] as? Int ?? -1
            paths.append(parent < 0 ? name : "\(paths[parent])/\(name)")
        }
        scopes = Dictionary(zip(paths, rows).map { ($0, Scope(row: $1, path: $0)) }) { first, _ in first }
    }

    func section(_ name: String) -> [String: Any] { root[name] as? [String: Any] ?? [:] }

    func figure(_ section: String, _ key: String) -> Int { self.section(section)[key] as? Int ?? -1 }

    /// All numbers below zero, by their place. An index may be -1, for "none", and what there is may become less.
    func negatives(_ value: Any? = nil, at place: String = "") -> [String] {
        switch value ?? root {
        case let object as [String: Any]:
            object.filter { !["parent", "scope", "site", "growthBytes"].contains($0.key) }.flatMap {
                negatives($0.value, at: "\(place)/\($0.key)")
            }
        // A change of an interval begins with an index.
        case let change as [Int] where change.count == 5 && change[0] == -1:
            negatives(Array(change.dropFirst()), at: place)
        case let array as [Any]: array.flatMap { negatives($0, at: "\(place)[]") }
        case let number as Int where number < 0: [place]
        default: []
        }
    }
}
