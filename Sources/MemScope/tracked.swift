/// Gives a value a name, under which it appears in reports: among what is shared, what leaked, and what is kept alive by what.
///
/// The name belongs to the blocks that the value refers to directly: of an object the object itself, of an array, dictionary, set or long
/// string its storage, of a struct those of its parts, as far as they lie in its first 64 words. It ends with the block: the report says how
/// many of a name live and how many were freed. A container that is changed may move to another block, which then has no name. Values in
/// no block of their own have none, and neither have blocks from before tracking began. A closure cannot be named: what arrives here is
/// another one that is made for the call and calls it; name what it captures. The latest name of a block holds.
///
/// While tracking is off this costs a load and a branch; while it is on less than a microsecond, however many names and named blocks
/// there are, on a thread that nobody else keeps from naming something.
///
/// - Parameters:
///   - value: What to name.
///   - name: The name. Use few distinct ones: each name and place has a row.
///   - file: The file to tell; leave it to its default.
///   - line: The line to tell; leave it to its default.
/// - Returns: The value.
@inlinable
@discardableResult
public func tracked<Value>(_ value: Value, name: String, file: StaticString = #fileID, line: UInt = #line) -> Value {
    if ScopeRun.isWanted { withUnsafeBytes(of: value) { TrackedLabel.attach(name, file, line, to: $0) } }
    return value
}
