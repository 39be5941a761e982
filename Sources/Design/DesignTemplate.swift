import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// A structure type to be filled with elements: orbits with free coordinates in a chosen group, and what may stand
/// on them.
public struct DesignTemplate: Sendable {
    /// Sites of the structure type that carry one oxidation state in a pattern.
    public struct Role: Sendable, Hashable {
        /// `A`, `B`, `X`; the element's symbol in a user's file.
        public var name: String
        /// States that it may take.
        public var charges: [Int]
        /// Of the type's own radius table only: a perovskite needs one for its tolerance factor.
        public var needsRadius = false
    }

    /// How the chosen symmetry relates to the template's own.
    public enum Orbits: Sendable, Hashable {
        /// The template's group.
        case group
        /// Every atom an orbit of its own, the cell's angles kept.
        case free
        /// A translationengleiche subgroup by its symbol or number.
        case subgroup(String)

        public init(_ text: String) {
            switch text {
            case "group": self = .group
            case "free": self = .free
            default: self = .subgroup(text)
            }
        }
    }

    public let name: String
    /// With placeholder elements; its coordinates are the template's.
    public let structure: ReducedStructure
    public let roles: [Role]
    /// The role of each orbit.
    public let roleOfOrbit: [Int]
    /// Copies of the template's own cell along a, b, c.
    public let supercell: SIMD3<Int>
    /// Angles stay as they are.
    public let keepsAngles: Bool
    /// Free coordinates stay within this of the template's, fractional in the cell.
    public var coordinateRange = 0.15
    /// Bounds of a length parameter, as factors of the template's; or in Å for one template cell.
    public var lengthBounds: ClosedRange<Double>

    /// A perovskite's sites are there: a tolerance factor is defined.
    public var isPerovskite: Bool { roles.map(\.name) == ["A", "B", "X"] && name == "perovskite" }
    public var atomCount: Int { structure.atoms.count }

    public static let names = ["perovskite", "rocksalt", "spinel", "half-heusler", "rutile"]

    private struct Prototype {
        var group: Int
        var cell: (Double, Double, Double)
        var sites: [(role: String, element: String, charges: [Int], position: SIMD3<Double>)]
        var needsRadius = false
    }

    private static func prototype(_ name: String) -> Prototype? {
        switch name {
        case "perovskite":
            // Pm-3m, 1a 1b 3c.
            Prototype(
                group: 517, cell: (4, 4, 4),
                sites: [
                    ("A", "Ba", [1, 2], SIMD3(0, 0, 0)), ("B", "Ti", [2, 4], SIMD3(0.5, 0.5, 0.5)),
                    ("X", "O", [-1, -2], SIMD3(0.5, 0.5, 0)),
                ], needsRadius: true)
        case "rocksalt":
            // Fm-3m, 4a 4b.
            Prototype(
                group: 523, cell: (5.6, 5.6, 5.6),
                sites: [
                    ("A", "Na", [1, 2, 3], SIMD3(0, 0, 0)),
                    ("X", "Cl", [-1, -2, -3], SIMD3(0.5, 0.5, 0.5)),
                ])
        case "spinel":
            // Fd-3m, origin choice 2: 8a 16d 32e.
            Prototype(
                group: 526, cell: (8.1, 8.1, 8.1),
                sites: [
                    ("A", "Mg", [1, 2, 4], SIMD3(0.125, 0.125, 0.125)),
                    ("B", "Al", [1, 2, 3], SIMD3(0.5, 0.5, 0.5)),
                    ("X", "O", [-1, -2], SIMD3(repeating: 0.2625)),
                ])
        case "half-heusler":
            // F-43m, 4a 4b 4c.
            Prototype(
                group: 512, cell: (6, 6, 6),
                sites: [
                    ("A", "Li", [1, 2], SIMD3(0, 0, 0)), ("B", "Al", [1, 2, 3], SIMD3(0.5, 0.5, 0.5)),
                    ("X", "Si", [-2, -3, -4], SIMD3(0.25, 0.25, 0.25)),
                ])
        case "rutile":
            // P4₂/mnm, 2a 4f.
            Prototype(
                group: 419, cell: (4.6, 4.6, 2.96),
                sites: [
                    ("A", "Ti", [2, 4], SIMD3(0, 0, 0)), ("X", "O", [-1, -2], SIMD3(0.305, 0.305, 0)),
                ])
        default: nil
        }
    }

    /// One of `names`.
    public init(named name: String, orbits: Orbits = .group, supercell: SIMD3<Int> = SIMD3(1, 1, 1)) throws {
        guard let prototype = Self.prototype(name), let group = SpaceGroup(hallNumber: prototype.group) else {
            throw DesignError.unknownTemplate(name)
        }
        let lattice = Lattice(
            a: prototype.cell.0, b: prototype.cell.1, c: prototype.cell.2, alpha: 90, beta: 90, gamma: 90)
        let reduced = ReducedStructure(
            title: name, spaceGroup: group, lattice: lattice,
            asymmetricSites: prototype.sites.compactMap { site in
                Element(symbol: site.element).map { Site($0, at: site.position, label: site.role) }
            })
        let roles = prototype.sites.map {
            Role(name: $0.role, charges: $0.charges, needsRadius: prototype.needsRadius)
        }
        try self.init(
            name: name, reduced: reduced, roles: roles, orbits: orbits, supercell: supercell,
            lengthBounds: name == "perovskite" ? 0.5...2.5 : 0.6...1.6)
    }

    /// The structure of a file: each element is a role, and may take every state of its own sign.
    public init(
        _ structure: CrystalStructure, name: String, orbits: Orbits = .group,
        supercell: SIMD3<Int> = SIMD3(1, 1, 1), tolerance: Double = 0.01
    ) throws {
        let found: FoundSymmetry
        let reduced: ReducedStructure
        do {
            found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
            let standard = try SymmetryFinder.standardize(structure, found)
            reduced = try ReducedStructure(reducing: standard.structure, in: found.spaceGroup)
        } catch {
            throw DesignError.template(name: name, reason: "\(error)")
        }
        if found.spaceGroup.number == 1, orbits != .free {
            throw DesignError.template(
                name: name,
                reason: "it has no symmetry within \(tolerance) Å; give --orbits free to design in P1")
        }
        guard structure.sites.allSatisfy({ $0.occupants.count == 1 }) else {
            throw DesignError.template(name: name, reason: "elements share a site; give an ordered structure")
        }
        var order: [Element] = []
        for orbit in reduced.orbits {
            guard let element = orbit.occupants.first?.species.element else { continue }
            if !order.contains(element) { order.append(element) }
        }
        let anions = try Self.anions(of: reduced, elements: order)
        let roles = order.map { element in
            Role(
                name: element.symbol,
                charges: Set(Ion.all.map(\.charge)).filter { ($0 < 0) == anions.contains(element) }.sorted())
        }
        try self.init(
            name: name, reduced: reduced, roles: roles, orbits: orbits, supercell: supercell,
            lengthBounds: 0.7...1.5)
    }

    /// The elements that carry negative charge in a structure: of those that may carry either sign as many as leave
    /// it neutral, so that sulphur is an anion in a sulphide and none in a sulphate.
    private static func anions(
        of structure: ReducedStructure, elements: [Element]
    ) throws(DesignError) -> Set<Element> {
        var either: [Element] = []
        var always: Set<Element> = []
        for element in elements {
            let charges = Ion.of(element).map(\.charge)
            guard !charges.isEmpty else { throw .unknownElement(element.symbol) }
            guard charges.contains(where: { $0 < 0 }) else { continue }
            if charges.contains(where: { $0 > 0 }) { either.append(element) } else { always.insert(element) }
        }
        let choices = (0..<(1 << either.count)).map { mask in
            always.union(either.indices.filter { mask & (1 << $0) != 0 }.map { either[$0] })
        }.sorted { $0.count > $1.count }
        let neutral = choices.first { anions in
            Neutrality(
                structure.orbits.map { orbit in
                    let element = orbit.occupants.first?.species.element
                    return Neutrality.Group(
                        multiplicity: orbit.multiplicity,
                        charges: element.map { element in
                            Ion.of(element).map(\.charge).filter { ($0 < 0) == anions.contains(element) }
                        } ?? [])
                }
            ).count > 0
        }
        return neutral ?? choices.first { $0.count < elements.count } ?? always
    }

    /// Of a supercell: what a search decorates in reasonable time.
    private static let mostAtoms = 2000

    private init(
        name: String, reduced: ReducedStructure, roles: [Role], orbits: Orbits, supercell: SIMD3<Int>,
        lengthBounds: ClosedRange<Double>
    ) throws {
        guard supercell.x > 0, supercell.y > 0, supercell.z > 0,
            Self.mostAtoms
                >= [supercell.x, supercell.y, supercell.z].reduce(
                    reduced.atoms.count,
                    {
                        // Three integers of any size: their product need not be one.
                        let (product, isTooLarge) = $0.multipliedReportingOverflow(by: $1)
                        return isTooLarge ? .max : product
                    })
        else { throw DesignError.template(name: name, reason: "the supercell must have 1 to 2000 atoms") }
        // Marks carry the role through changes of cell.
        var marked = reduced
        for (index, orbit) in reduced.orbits.enumerated() {
            let role =
                roles.firstIndex {
                    $0.name == orbit.label || $0.name == orbit.occupants.first?.species.element.symbol
                }
                ?? 0
            marked.orbits[index].label = roles[role].name
        }
        var keepsAngles = false
        if supercell != SIMD3(1, 1, 1) {
            let factor = Matrix3(diagonal: SIMD3(repeating: 1) / SIMD3<Double>(supercell))
            guard let change = ChangeOfBasis(matrix: factor, shift: .zero),
                let trivial = SpaceGroup(hallNumber: 1)
            else { throw DesignError.template(name: name, reason: "the supercell cannot be made") }
            let tiled = marked.expanded().transformed(by: change)
            marked = try ReducedStructure(reducing: tiled, in: trivial)
            keepsAngles = true
        } else {
            switch orbits {
            case .group: break
            case .free:
                guard let trivial = SpaceGroup(hallNumber: 1) else { break }
                marked = try ReducedStructure(reducing: marked.expanded(), in: trivial)
                keepsAngles = true
            case .subgroup(let text):
                let candidates = reduced.spaceGroup.translationengleicheSubgroups
                guard
                    let subgroup = candidates.first(where: {
                        $0.spaceGroup.compactSymbol == text || String($0.spaceGroup.number) == text
                    })
                else {
                    var names: [String] = []
                    for symbol in candidates.map(\.spaceGroup.compactSymbol) where !names.contains(symbol) {
                        names.append(symbol)
                    }
                    throw DesignError.subgroup(
                        name: text, group: reduced.spaceGroup.compactSymbol,
                        choices: names.prefix(12).joined(separator: ", "))
                }
                marked = try marked.inSubgroup(subgroup)
            }
        }
        self.name = name
        self.roles = roles
        self.supercell = supercell
        self.keepsAngles = keepsAngles
        self.lengthBounds = lengthBounds
        // Labels may have been numbered where they repeat; the element tells the role then.
        let elementOfRole = roles.indices.map { role in
            reduced.orbits.first {
                $0.label == roles[role].name || $0.occupants.first?.species.element.symbol == roles[role].name
            }?
            .occupants.first?.species.element
        }
        roleOfOrbit = marked.orbits.map { orbit in
            elementOfRole.firstIndex { $0 == orbit.occupants.first?.species.element } ?? 0
        }
        structure = marked
        if supercell != SIMD3(1, 1, 1) {
            coordinateRange = 0.15 / Double(max(supercell.x, supercell.y, supercell.z))
        }
    }
}
