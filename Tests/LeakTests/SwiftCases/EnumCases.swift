/// Pointers with tags in their spare bits: enums with several payloads, in globals, objects, existentials and boxes.
enum EnumCases {
    final class First { let number = 1 }
    final class Second { let number = 2 }
    final class Third { let number = 3 }

    enum Three {
        case none
        case first(First)
        case second(Second)
        case third(Third)

        init(_ number: Int) {
            self =
                switch number % 3 {
                case 0: .first(First())
                case 1: .second(Second())
                default: .third(Third())
                }
        }
    }

    /// Tags take five bits.
    enum Many {
        case a(First), b(First), c(First), d(First), e(First), f(First), g(First), h(First), i(First), j(First)
        case k(First), l(First), m(First), n(First), o(First), p(First), q(First), r(First), s(First), t(First)

        init(_ number: Int) {
            let make: [(First) -> Many] = [
                Many.a, Many.b, Many.c, Many.d, Many.e, Many.f, Many.g, Many.h, Many.i, Many.j, Many.k, Many.l, Many.m,
                Many.n, Many.o, Many.p, Many.q, Many.r, Many.s, Many.t,
            ]
            self = make[number % 20](First())
        }
    }

    /// Of unlike payloads: the tag is a byte of its own.
    enum Mixed {
        case object(First)
        case text(String)
        case list([Int])
        case call(() -> Void)
        case any(Any)
    }

    /// A chain whose links are tagged.
    final class Link {
        let payload: Three
        let next: Next
        init(_ payload: Three, _ next: Next) {
            self.payload = payload
            self.next = next
        }
    }
    enum Next {
        case end
        case odd(Link)
        case even(Link)
        case other(Third)
    }

    indirect enum Tree {
        case leaf
        case one(First)
        case branch(Tree, Tree, First)
    }

    /// Too large for an existential's three words.
    struct Large {
        var first = 1, second = 2, third = 3
        var three: Three
    }

    struct Failure: Error, @unchecked Sendable {
        let first = First()
        let text: String
    }

    nonisolated(unsafe) static var chain = Next.end
    nonisolated(unsafe) static var errors: [any Error] = []
    nonisolated(unsafe) static var values: [Any] = []
    nonisolated(unsafe) static var existentials: [any CustomStringConvertible] = []
    nonisolated(unsafe) static var many: [Many] = []
    nonisolated(unsafe) static var mixed: [Mixed] = []
    nonisolated(unsafe) static var trees: [Tree] = []

    static let all: [String: @Sendable (Int) -> Void] = [
        "heldByTaggedChain": { n in
            for i in 0..<n {
                let link = Link(Three(i), chain)
                chain = i % 2 == 0 ? .even(link) : .odd(link)
            }
        },
        "lostTaggedPairs": { n in for i in 0..<n { lose(Link(Three(i), .odd(Link(Three(i + 1), .end)))) } },
        "heldInExistentials": { n in
            for i in 0..<n {
                values.append(Three(i))
                values.append(Large(three: Three(i)))
                existentials.append(longText(i))
            }
        },
        "lostExistentials": { n in for i in 0..<n { loseCell(Large(three: Three(i)) as Any) } },
        "heldErrors": { n in for i in 0..<n { errors.append(Failure(text: longText(i))) } },
        "lostErrors": { n in for i in 0..<n { loseCell(Failure(text: longText(i)) as any Error) } },
        "heldByManyTags": { n in
            for i in 0..<n { many.append(Many(i)) }
            for i in 0..<n { mixed.append(mix(i)) }
        },
        "lostManyTags": { n in for i in 0..<n { loseCell(Many(i)) } },
        "heldInTrees": { n in for i in 0..<n { trees.append(tree(i)) } },
        // A box with two boxes of one object in it, and an object.
        "lostTrees": { n in for _ in 0..<n { loseCell(Tree.branch(.one(First()), .leaf, First())) } },
    ]

    private static func mix(_ number: Int) -> Mixed {
        switch number % 5 {
        case 0: return .object(First())
        case 1: return .text(longText(number))
        case 2: return .list([number, 1, 2])
        case 3:
            let first = First()
            return .call { withExtendedLifetime(first) {} }
        default: return .any(First())
        }
    }

    private static func tree(_ number: Int) -> Tree {
        number % 2 == 0 ? .one(First()) : .branch(.branch(.leaf, .one(First()), First()), .leaf, First())
    }
}
