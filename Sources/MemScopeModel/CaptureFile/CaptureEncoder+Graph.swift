/// What a leak scan saw.
extension CaptureEncoder {
    mutating func encodeGraph(_ snapshot: HeapSnapshot) {
        let graph = snapshot.graph
        section(.graphBlocks, graph.blocks.indices) { _, bytes, index in
            let block = graph.blocks[index]
            let flags: UInt32 =
                (block.isReachable ? 1 : 0) | (block.isDead ? 2 : 0) | (block.isIgnored ? 4 : 0)
                | (block.isOfRun ? 16 : 0)
            bytes.u64(~block.address, block.size)
            bytes.u32(
                UInt32(block.site), UInt32(block.context), block.type.plusOne, flags, UInt32(graph.firstEdge[index]),
                UInt32(graph.edges(of: index).count))
        }
        section(.graphEdges, graph.edges) { _, bytes, edge in
            bytes.u32(UInt32(edge.to), UInt32(edge.offset), UInt32(edge.kind.rawValue), edge.closure.plusOne)
        }
        section(.graphClosures, graph.closures) { _, bytes, code in bytes.u64(code) }
        section(.stackFunctions, graph.stackFunctions) { _, bytes, code in bytes.u64(code) }
        section(.taskBlocks, graph.taskBlocks) { _, bytes, block in
            bytes.u32(
                UInt32(block.block), block.task.plusOne, UInt32(block.role.rawValue), UInt32(block.object))
        }
        section(.graphRoots, graph.roots) { encoder, bytes, root in
            bytes.u64(root.address)
            bytes.u32(
                UInt32(root.to), UInt32(root.kind.rawValue), encoder.text(root.name),
                root.function == nil ? root.missingFunction.rawValue : root.function.plusOne)
        }
        section(.objectCounts, graph.counts) { _, bytes, counts in
            bytes.u32(UInt32(counts.block), UInt32(counts.strong), UInt32(counts.unowned), UInt32(counts.weak))
        }
        section(.typeFields, graph.fields) { encoder, bytes, field in
            bytes.u32(
                UInt32(field.type), UInt32(field.offset), encoder.text(field.name),
                UInt32(field.ownership.rawValue) | UInt32(field.stride) << 8)
        }
    }
}
