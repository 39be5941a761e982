import Crystallography
import NumericalMethods
import Parameterization
import Symmetry

extension DesignTemplate {
    /// How the chosen symmetry relates to the template's own.
    public enum Orbits: Sendable, Hashable {
        /// The template's group.
        case group
        /// Every atom an orbit of its own, the cell's angles kept.
        case free
        /// A translationengleiche subgroup by its symbol or number.
        case subgroup(String)

        /// `group`, `free`, or a subgroup: `P4mm`, `99`.
        public init(_ text: String) {
            switch text {
            case "group": self = .group
            case "free": self = .free
            default: self = .subgroup(text)
            }
        }
    }

    /// Of a supercell: what a search decorates in reasonable time.
    private static let mostAtoms = 2000

    /// The type in the chosen symmetry.
    static func freed(_ type: ReducedStructure, _ orbits: Orbits) throws -> ReducedStructure {
        switch orbits {
        case .group: type
        case .free: try inP1(type.expanded())
        case .subgroup(let name): try type.inSubgroup(subgroup(name, of: type.spaceGroup))
        }
    }

    /// - Throws: `DesignError.template` for a supercell without copies or with too many atoms.
    static func check(_ supercell: SIMD3<Int>, of type: ReducedStructure, name: String) throws(DesignError) {
        let sides = [supercell.x, supercell.y, supercell.z]
        // Three integers of any size: their product need not be one.
        let count = sides.reduce(type.atoms.count) {
            let (product, isTooLarge) = $0.multipliedReportingOverflow(by: $1)
            return isTooLarge ? .max : product
        }
        guard sides.allSatisfy({ $0 > 0 }), count <= mostAtoms else {
            throw .template(name: name, reason: "the supercell must have 1 to \(mostAtoms) atoms")
        }
    }

    /// Copies of the type's cell, every atom an orbit of its own.
    static func tiled(
        _ type: ReducedStructure, _ supercell: SIMD3<Int>, name: String
    ) throws -> ReducedStructure {
        let factor = Matrix3(diagonal: SIMD3(repeating: 1) / SIMD3<Double>(supercell))
        guard let change = ChangeOfBasis(matrix: factor, shift: .zero) else {
            throw DesignError.template(name: name, reason: "the supercell cannot be made")
        }
        return try inP1(type.expanded().transformed(by: change))
    }

    private static func inP1(_ structure: CrystalStructure) throws -> ReducedStructure {
        try ReducedStructure(reducing: structure, in: try SpaceGroup.find("P 1"))
    }

    private static func subgroup(_ name: String, of group: SpaceGroup) throws(DesignError) -> Subgroup {
        let candidates = group.translationengleicheSubgroups
        let named = candidates.first {
            $0.spaceGroup.compactSymbol == name || String($0.spaceGroup.number) == name
        }
        if let named { return named }
        var symbols: [String] = []
        for symbol in candidates.map(\.spaceGroup.compactSymbol) where !symbols.contains(symbol) {
            symbols.append(symbol)
        }
        throw .subgroup(
            name: name, group: group.compactSymbol, choices: symbols.prefix(12).joined(separator: ", "))
    }
}
