package import MemScopeModel

/// Which reference of a cycle to make weak: a guess by stated rules, the first that applies.
///
/// 1. A closure that refers to an object: what it captures is mostly `self`, and nobody meant the closure to own it. A closure that captures
///    nothing else has the object itself for its context, so the object refers to itself from the second word of a property.
/// 2. A property whose name says that it leads back: `delegate`, `parent`, `owner` and the like.
///
/// Nothing is guessed otherwise.
package struct CycleRemedy: Sendable, Equatable {
    /// Why a reference was chosen.
    package enum Reason: String, Sendable, CaseIterable {
        /// Rule 1.
        case closureCapture
        /// Rule 2.
        case backReference
    }

    /// Index into the cycle's members of the object that holds the reference.
    package var member: Int
    /// Why it was chosen.
    package var reason: Reason

    /// Names of properties that lead back to who owns the object.
    package static let backReferences: Set<String> = [
        "delegate", "parent", "owner", "superview", "container", "dataSource", "observer", "target", "listener",
        "previous",
        "back", "parentNode", "controller", "coordinator",
    ]

    /// Chooses; `nil` if no rule applies.
    package init?(for members: [LeakedCycle.Member], in snapshot: HeapSnapshot) {
        func kind(_ type: Int?) -> HeapType.Kind? { type.map { snapshot.types[$0].kind } }
        func isObject(_ type: Int?) -> Bool { kind(type) == .classInstance || kind(type) == .actor }
        let closure = members.indices.first { index in
            kind(members[index].type) == .closureContext
                && isObject(members[(index + 1) % members.count].type)
        }
        if let closure {
            self.init(member: closure, reason: .closureCapture)
            return
        }
        if members.count == 1, let type = members[0].type,
            let field = snapshot.graph.field(of: type, at: members[0].offset),
            field.number == nil, field.field.offset + 8 == members[0].offset
        {
            self.init(member: 0, reason: .closureCapture)
            return
        }
        let back = members.indices.first { index in
            guard let type = members[index].type else { return false }
            let name = snapshot.graph.fieldName(of: type, at: members[index].offset)
            return name.map { Self.backReferences.contains($0) } ?? false
        }
        guard let back else { return nil }
        self.init(member: back, reason: .backReference)
    }

    private init(member: Int, reason: Reason) {
        self.member = member
        self.reason = reason
    }
}
