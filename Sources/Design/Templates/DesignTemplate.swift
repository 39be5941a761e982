import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// A structure type to be filled with elements: orbits with free coordinates in a chosen group, and what may stand
/// on them.
public struct DesignTemplate: Sendable {
    /// Which oxidation states the sites of a named type may take.
    public enum States: String, Sendable, Hashable, CaseIterable {
        /// Those of the published studies: perovskites of +1/+2 and +2/+4.
        case published
        /// Those beside them, too: perovskites of +1/+5, +2/+1 and +3/+3.
        case all
    }

    /// Sites of the structure type that carry one oxidation state in a pattern.
    public struct Role: Sendable, Hashable {
        /// `A`, `B`, `X`; the element's symbol in a user's file.
        public var name: String
        /// States that it may take.
        public var charges: [Int]
        /// Of the type's own radius table only: a perovskite needs one for its tolerance factor.
        public var needsRadius = false
    }

    /// `perovskite`, or what a user's file is called.
    public let name: String
    /// With placeholder elements; its coordinates are the template's.
    public let structure: ReducedStructure
    /// The kinds of site, in the order of the type.
    public let roles: [Role]
    /// The role of each orbit.
    package let roleOfOrbit: [Int]
    /// Copies of the template's own cell along a, b, c.
    public let supercell: SIMD3<Int>
    /// Angles stay as they are.
    package let keepsAngles: Bool
    /// Free coordinates stay within this of the template's, fractional in the cell.
    package let coordinateRange: Double
    /// Bounds of a length parameter, as factors of the template's.
    package let lengthBounds: ClosedRange<Double>
    /// Degrees: free angles stay within this of the template's.
    package let angleRange: Double

    /// The roles of A, B and X where the structure is a perovskite or an anti-perovskite; nil for others.
    package let perovskiteRoles: [Int]?
    /// A perovskite's sites are there: a tolerance factor is defined.
    package var isPerovskite: Bool { perovskiteRoles != nil }
    /// Atoms of the cell.
    public var atomCount: Int { structure.atoms.count }

    /// The structure types that have a name (Data/tables/prototypes.tsv).
    public static var names: [String] { Prototype.all.map(\.name) }

    /// One of `names`.
    ///
    /// - Throws: `DesignError` for another name, a subgroup that the type has not, or a supercell too large.
    public init(
        named name: String, orbits: Orbits = .group, supercell: SIMD3<Int> = SIMD3(1, 1, 1),
        states: States = .published
    ) throws {
        try self.init(
            named: name, orbits: orbits, supercell: supercell, states: states,
            settings: DesignSettings.Template())
    }

    /// The same with settings of one's own.
    package init(
        named name: String, orbits: Orbits = .group, supercell: SIMD3<Int> = SIMD3(1, 1, 1),
        states: States = .published, settings: DesignSettings.Template
    ) throws {
        guard let prototype = Prototype.named(name) else { throw DesignError.unknownTemplate(name) }
        try self.init(
            name: name, type: try prototype.structure(),
            roles: prototype.sites.map {
                Role(
                    name: $0.role, charges: $0.charges + (states == .all ? $0.furtherCharges : []),
                    needsRadius: prototype.needsRadius)
            },
            perovskite: prototype.name.hasSuffix("perovskite") ? [0, 1, 2] : nil,
            orbits: orbits, supercell: supercell, lengthBounds: prototype.lengthBounds, settings: settings)
    }

    /// The structure of a file in the symmetry that it has: each element is a role, and may take every state of its own
    /// sign.
    ///
    /// - `tolerance`: Å, within which its symmetry is looked for; nil for 0.01.
    /// - Throws: `DesignError` for a structure without symmetry or with shared sites, and what `init(named:)` throws.
    public static func symmetrized(
        _ structure: CrystalStructure, name: String, orbits: Orbits = .group,
        supercell: SIMD3<Int> = SIMD3(1, 1, 1), tolerance: Double? = nil
    ) throws -> DesignTemplate {
        var settings = DesignSettings.Template()
        if let tolerance { settings.tolerance = tolerance }
        let reduced: ReducedStructure
        do {
            reduced = try ReducedStructure(of: structure, tolerance: settings.tolerance)
        } catch {
            throw DesignError.template(name: name, reason: "\(error)")
        }
        if reduced.spaceGroup.number == 1, orbits != .free {
            throw DesignError.template(
                name: name,
                reason:
                    "it has no symmetry within \(settings.tolerance) Å; give --orbits free to design in P1")
        }
        guard structure.sites.allSatisfy({ $0.occupants.count == 1 }) else {
            throw DesignError.template(name: name, reason: "elements share a site; give an ordered structure")
        }
        var roles = try roles(of: reduced)
        let perovskite = perovskiteRoles(roles, in: reduced.expanded())
        // A tolerance factor needs radii, and no proton stands on the place of A.
        if perovskite != nil { for index in roles.indices { roles[index].needsRadius = true } }
        return try DesignTemplate(
            name: name, type: reduced, roles: roles, perovskite: perovskite, orbits: orbits,
            supercell: supercell, lengthBounds: settings.lengthsOfFile, settings: settings)
    }

    private init(
        name: String, type: ReducedStructure, roles: [Role], perovskite: [Int]?, orbits: Orbits,
        supercell: SIMD3<Int>, lengthBounds: ClosedRange<Double>, settings: DesignSettings.Template
    ) throws {
        try Self.check(supercell, of: type, name: name)
        let isTiled = supercell != SIMD3(1, 1, 1)
        let marked = Self.labelled(type, by: roles)
        structure =
            isTiled
            ? try Self.tiled(marked, supercell, name: name) : try Self.freed(marked, orbits)
        self.name = name
        self.roles = roles
        perovskiteRoles = perovskite
        self.supercell = supercell
        self.lengthBounds = lengthBounds
        angleRange = settings.angle
        keepsAngles = isTiled || orbits == .free
        // Labels may have been numbered where they repeat; the element tells the role then.
        let elementOfRole = roles.map { role in
            type.orbits.first { $0.label == role.name || $0.element?.symbol == role.name }?.element
        }
        roleOfOrbit = structure.orbits.map { orbit in elementOfRole.firstIndex { $0 == orbit.element } ?? 0 }
        coordinateRange =
            settings.coordinate / Double(isTiled ? max(supercell.x, supercell.y, supercell.z) : 1)
    }

    /// The type with its orbits' roles as labels, which carry them through changes of cell.
    private static func labelled(_ type: ReducedStructure, by roles: [Role]) -> ReducedStructure {
        var marked = type
        for (index, orbit) in type.orbits.enumerated() {
            let role = roles.first { $0.name == orbit.label || $0.name == orbit.element?.symbol }
            marked.orbits[index].label = role?.name ?? roles.first?.name ?? ""
        }
        return marked
    }
}

extension Orbit {
    /// Of an ordered structure.
    var element: Element? { occupants.first?.species.element }
}
