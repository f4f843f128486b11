/// What a leak scan saw.
extension CaptureDecoder {
    mutating func decodeGraph() throws(CaptureError) {
        try decodeGraphBlocks()
        let blocks = snapshot.graph.blocks.count
        snapshot.graph.closures = try elements(.graphClosures) { section, element in section.u64(element, 0) }
        let closures = snapshot.graph.closures.count
        snapshot.graph.edges = try elements(.graphEdges) { (section, element) throws(CaptureError) in
            guard let kind = UInt8(exactly: section.u32(element, 8)).flatMap(GraphEdge.Kind.init(rawValue:)) else {
                throw .damaged("edge \(element) is of no known kind")
            }
            let to = try index(section.u32(element, 0), below: blocks, "edge \(element)")
            let closure = try optionalIndex(section.u32(element, 12), below: closures, "edge \(element)")
            return GraphEdge(to: to, offset: Int(section.u32(element, 4)), kind: kind, closure: closure)
        }
        try decodeRoots(below: blocks)
        try decodeObjectCounts()
        try decodeTaskBlocks(below: blocks)
        try decodeTypeFields()
        snapshot.removeReferencesOfTexts()
    }

    private mutating func decodeRoots(below blocks: Int) throws(CaptureError) {
        snapshot.graph.stackFunctions = try elements(.stackFunctions) { section, element in section.u64(element, 0) }
        let functions = snapshot.graph.stackFunctions.count
        snapshot.graph.roots = try elements(.graphRoots) { (section, element) throws(CaptureError) in
            var owner: String { "root \(element)" }
            guard let kind = UInt8(exactly: section.u32(element, 12)).flatMap(GraphRoot.Kind.init(rawValue:)) else {
                throw .damaged("\(owner) is of no known kind")
            }
            var root = GraphRoot(
                address: section.u64(element, 0), to: try index(section.u32(element, 8), below: blocks, owner),
                kind: kind, name: try strings.text(section.u32(element, 16), of: owner))
            if let missing = GraphRoot.MissingFunction(rawValue: section.u32(element, 20)) {
                root.missingFunction = missing
            } else {
                root.function = try optionalIndex(section.u32(element, 20), below: functions, owner)
            }
            return root
        }
    }

    private mutating func decodeObjectCounts() throws(CaptureError) {
        let blocks = snapshot.graph.blocks.count
        var last = -1
        snapshot.graph.counts = try elements(.objectCounts) { (section, element) throws(CaptureError) in
            var owner: String { "object \(element)" }
            let counts = ObjectCounts(
                block: try index(section.u32(element, 0), below: blocks, owner), strong: Int(section.u32(element, 4)),
                unowned: Int(section.u32(element, 8)), weak: Int(section.u32(element, 12)))
            guard counts.block > last else { throw .damaged("\(owner) is out of order") }
            last = counts.block
            return counts
        }
    }

    private mutating func decodeTaskBlocks(below blocks: Int) throws(CaptureError) {
        let tasks = snapshot.tasks.count
        snapshot.graph.taskBlocks = try elements(.taskBlocks) { (section, element) throws(CaptureError) in
            var owner: String { "task block \(element)" }
            guard let role = UInt8(exactly: section.u32(element, 8)).flatMap(TaskBlock.Role.init(rawValue:)) else {
                throw .damaged("\(owner) is of no known role")
            }
            return TaskBlock(
                block: try index(section.u32(element, 0), below: blocks, owner),
                task: try optionalIndex(section.u32(element, 4), below: tasks, owner), role: role,
                object: try index(section.u32(element, 12), below: blocks, owner))
        }
    }

    private mutating func decodeGraphBlocks() throws(CaptureError) {
        let sites = snapshot.sites.count
        let contexts = snapshot.contexts.count
        let types = snapshot.types.count
        let edges = layout[.graphEdges].count
        var bytes = CaptureSum()
        var next = 0
        var last: UInt64 = 0
        var firstEdge: [Int] = []
        snapshot.graph.blocks = try elements(.graphBlocks) { (section, element) throws(CaptureError) in
            var owner: String { "graph block \(element)" }
            var block = GraphBlock(
                address: ~section.u64(element, 0), size: section.u64(element, 8),
                site: try index(section.u32(element, 16), below: sites, owner),
                context: try index(section.u32(element, 20), below: contexts, owner),
                type: try optionalIndex(section.u32(element, 24), below: types, owner))
            let flags = section.u32(element, 28)
            block.isReachable = flags & 1 != 0
            block.isDead = flags & 2 != 0
            block.isIgnored = flags & 4 != 0
            block.isOfRun = flags & 16 != 0
            guard element == 0 || block.address > last else { throw .damaged("\(owner) is out of order") }
            last = block.address
            let count = Int(section.u32(element, 36))
            guard Int(section.u32(element, 32)) == next, next + count <= edges else {
                throw .damaged("\(owner) has edges that are another's")
            }
            firstEdge.append(next)
            next += count
            try bytes.add(block.size, "bytes of all graph blocks")
            return block
        }
        guard next == edges else { throw .damaged("\(edges - next) edges are no block's") }
        if !firstEdge.isEmpty { snapshot.graph.firstEdge = firstEdge + [next] }
    }

    private mutating func decodeTypeFields() throws(CaptureError) {
        let section = layout[.typeFields]
        for element in 0..<section.count {
            let owner = "field \(element)"
            guard let ownership = TypeField.Ownership(rawValue: UInt8(truncatingIfNeeded: section.u32(element, 12)))
            else { throw .damaged("\(owner) is held in no known way") }
            snapshot.graph.fields.append(
                TypeField(
                    type: try index(section.u32(element, 0), below: snapshot.types.count, owner),
                    offset: Int(section.u32(element, 4)), name: try strings.text(section.u32(element, 8), of: owner),
                    ownership: ownership, stride: Int(section.u32(element, 12) >> 8)))
        }
        // Whoever looks a field up searches by halves.
        snapshot.graph.fields.sort { ($0.type, $0.offset) < ($1.type, $1.offset) }
    }
}
