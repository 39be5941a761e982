import Crystallography
import NumericalMethods

/// A subgroup of a space group, with the way to its tabulated setting.
public struct Subgroup: Sendable, Hashable {
    /// What the subgroup gives up (ITA Vol. A1, 2.1.2).
    public enum Kind: String, Sendable, Hashable, Codable {
        /// Rotations; all translations are kept.
        case translationengleiche
        /// Translations; the point group is kept.
        case klassengleiche
    }

    /// Translationengleich or klassengleich.
    public let kind: Kind
    /// |parent| / |subgroup|.
    public let index: Int
    /// The group that it is a maximal subgroup of.
    public let parent: SpaceGroup
    /// The subgroup's type, in a tabulated setting.
    public let spaceGroup: SpaceGroup
    /// From the parent's coordinates to those of `spaceGroup`, exact; right-handed stays right-handed.
    public let transformation: ChangeOfBasis
    /// The kept operations in the parent's basis, one for each coset of the translations kept; the identity first.
    public let operations: [SymmetryOperation]
    /// A basis of the translations kept, over 24, in the parent's basis.
    public let translations: IntegerMatrix3
    /// Subgroups of one list with equal numbers are conjugate in the parent: they are the same descent in another
    /// orientation or about another origin.
    public let conjugacyClass: Int

    /// Its symbol, index and kind.
    public var description: String { "\(spaceGroup) [\(index)] \(transformation)" }
}

extension SpaceGroup {
    /// All translationengleiche subgroups but the group itself: by rising index, each in every orientation.
    ///
    /// They are the subgroups of the point group, so an axis outside the group is freed by one of them.
    public var translationengleicheSubgroups: [Subgroup] {
        let representatives = Array(operations.prefix(order / centring.vectors.count))
        let table = MultiplicationTable(representatives.map(\.rotation))
        let lattice = TranslationBasis.of(centring)
        let everything = table.everything
        let subsets = table.subgroups.filter { $0 != everything }
            .sorted { ($1.nonzeroBitCount, $0) < ($0.nonzeroBitCount, $1) }
        var known: [UInt64: (spaceGroup: SpaceGroup, transformation: ChangeOfBasis)] = [:]
        var classOf: [UInt64: Int] = [:]
        var classes = 0
        var result: [Subgroup] = []
        for subset in subsets {
            let kept = table.members(of: subset).map { representatives[$0] }
            let isNew = classOf[subset] == nil
            if isNew { classes += 1 }
            guard
                let identified = known[subset]
                    ?? SubgroupIdentification.identify(kept, translations: lattice)
            else { continue }
            if isNew {
                // A conjugate g H g⁻¹ is reached by way of g⁻¹.
                for (g, operation) in representatives.enumerated() {
                    let conjugate = table.conjugate(of: subset, by: g)
                    classOf[conjugate] = classes - 1
                    guard known[conjugate] == nil, operation.rotation.determinant > 0,
                        let back = ChangeOfBasis(operation)?.inverse
                    else { continue }
                    known[conjugate] = (identified.spaceGroup, identified.transformation.combined(with: back))
                }
            }
            result.append(
                Subgroup(
                    kind: .translationengleiche, index: representatives.count / kept.count, parent: self,
                    spaceGroup: identified.spaceGroup, transformation: identified.transformation,
                    operations: kept, translations: lattice.rows, conjugacyClass: classOf[subset] ?? 0))
        }
        return result
    }

    /// All klassengleiche subgroups of an index (2 or 3): each sublattice that the point group leaves in place, and
    /// each choice of translations for the operations that closes on it.
    public func klassengleicheSubgroups(index: Int) -> [Subgroup] {
        let representatives = Array(operations.prefix(order / centring.vectors.count))
        let lattice = TranslationBasis.of(centring)
        let table = MultiplicationTable(representatives.map(\.rotation))
        let generators = table.generators.map { representatives[$0] }
        var earlier = 0
        var result: [Subgroup] = []
        for sublattice in lattice.sublattices(index: index)
        where representatives.allSatisfy({ sublattice.isInvariant(under: $0.rotation) }) {
            // The sublattice is the same for conjugates, so classes do not cross.
            var classes: [Set<Set<SymmetryOperation>>] = []
            defer { earlier += classes.count }
            let cosets = lattice.cosets(of: sublattice)
            let count = generators.reduce(1) { product, _ in product * cosets.count }
            for choice in 0..<count {
                var rest = choice
                let lifted = generators.map { generator -> SymmetryOperation in
                    defer { rest /= cosets.count }
                    return SymmetryOperation(
                        rotation: generator.rotation,
                        translation: generator.translation &+ cosets[rest % cosets.count])
                }
                guard let kept = sublattice.close(lifted, order: representatives.count),
                    let identified = SubgroupIdentification.identify(kept, translations: sublattice)
                else { continue }
                let set = Set(kept)
                let number =
                    classes.firstIndex { $0.contains(set) }
                    ?? {
                        classes.append(
                            sublattice.conjugates(of: kept, by: representatives, and: cosets))
                        return classes.count - 1
                    }()
                result.append(
                    Subgroup(
                        kind: .klassengleiche, index: index, parent: self,
                        spaceGroup: identified.spaceGroup, transformation: identified.transformation,
                        operations: kept, translations: sublattice.rows, conjugacyClass: earlier + number))
            }
        }
        return result
    }
}

/// The product table of at most 48 rotations, and the subgroups as sets of bits.
struct MultiplicationTable {
    let products: [[Int]]

    init(_ rotations: [IntegerMatrix3]) {
        let index = Dictionary(uniqueKeysWithValues: rotations.enumerated().map { ($1, $0) })
        products = rotations.map { a in rotations.map { index[a * $0] ?? 0 } }
    }

    var everything: UInt64 { products.count == 64 ? .max : (1 << UInt64(products.count)) - 1 }

    /// The subgroup that a set generates.
    func closure(_ set: UInt64) -> UInt64 {
        var closed: UInt64 = set | 1
        while true {
            let members = members(of: closed)
            var next = closed
            for a in members { for b in members { next |= 1 << UInt64(products[a][b]) } }
            if next == closed { return closed }
            closed = next
        }
    }

    /// Every subgroup, the trivial and the whole one included.
    var subgroups: Set<UInt64> {
        let cyclic = Set(products.indices.map { closure(1 << UInt64($0)) })
        var known: Set<UInt64> = [1]
        var queue: [UInt64] = [1]
        while let group = queue.popLast() {
            for generator in cyclic where generator & ~group != 0 {
                let joined = closure(group | generator)
                if known.insert(joined).inserted { queue.append(joined) }
            }
        }
        return known
    }

    func members(of set: UInt64) -> [Int] { products.indices.filter { set >> UInt64($0) & 1 == 1 } }

    /// g H g⁻¹.
    func conjugate(of set: UInt64, by g: Int) -> UInt64 {
        let inverse = products[g].firstIndex(of: 0) ?? 0
        return members(of: set).reduce(0) { $0 | 1 << UInt64(products[products[g][$1]][inverse]) }
    }

    /// A few elements that generate all.
    var generators: [Int] {
        var result: [Int] = []
        var group: UInt64 = 1
        while group != everything {
            let outside = products.indices.filter { group >> UInt64($0) & 1 == 0 }
            guard
                let best = outside.max(by: {
                    closure(group | 1 << UInt64($0)).nonzeroBitCount
                        < closure(group | 1 << UInt64($1)).nonzeroBitCount
                })
            else { break }
            result.append(best)
            group = closure(group | 1 << UInt64(best))
        }
        return result
    }
}
