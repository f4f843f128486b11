/// Makes a page in child tasks, and keeps nothing of it.
enum Feed {
    static func render() async -> String {
        await withTaskGroup(of: [String].self) { group in
            for part in 0..<4 {
                group.addTask { (0..<25).map { "the text of item number \($0) in part \(part)" } }
            }
            var lines: [String] = []
            for await part in group { lines += part }
            return lines.joined(separator: "\n")
        }
    }
}
