/// Tasks, the runs of scopes, and what threads hand each other.
extension CaptureEncoder {
    mutating func encodeTasks(_ snapshot: HeapSnapshot) {
        section(.taskSites, snapshot.taskSites) { _, bytes, site in
            bytes.u32(UInt32(site.node), UInt32(site.kind.rawValue))
            bytes.u64(
                site.there.unknown, site.there.running, site.there.enqueued, site.there.suspended, site.there.complete,
                site.finished, site.finishedMilliseconds, site.largestPeakBytes, site.largestAllocatedBytes)
        }
        section(.tasks, snapshot.tasks) { encoder, bytes, task in
            bytes.u64(task.id, task.parentID)
            bytes.u32(
                task.site.plusOne, encoder.text(task.name), UInt32(task.state.rawValue), UInt32(task.priority),
                UInt32(task.firstSeen), UInt32(task.lastSeen), task.scope.plusOne, task.hasOutlivedScope ? 1 : 0)
            bytes.u64(
                task.slabBytes, task.peakBytes, task.allocations, task.frees, task.temporaries, task.allocatedBytes,
                task.freedBytes)
        }
        section(.scopeRuns, snapshot.scopeRuns) { _, bytes, runs in
            bytes.u32(UInt32(runs.scope), 0)
            bytes.u64(runs.ended)
            for figure in [runs.allocations, runs.allocatedBytes, runs.retainedBytes] {
                bytes.u64(figure.sum, figure.median, figure.percentile95, figure.largest)
            }
        }
        section(.leakChecks, snapshot.leakChecks) { _, bytes, checks in
            bytes.u32(UInt32(checks.scope), 0)
            bytes.u64(checks.runs, checks.leakingRuns, checks.blocks, checks.bytes)
        }
        section(.handovers, snapshot.handovers) { _, bytes, handover in
            bytes.u32(UInt32(handover.allocatedBy), UInt32(handover.freedBy))
            bytes.u64(handover.frees, handover.bytes)
        }
    }
}
