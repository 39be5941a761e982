import Symmetry

/// The crystal system that a data block names, against that of its operations. Trigonal, hexagonal and rhombohedral are
/// words that files use for one another.
struct StatedSystem {
    let block: CIFBlock

    func contradictions(of operations: [SymmetryOperation]) -> [ReadingWarning] {
        // Magnetic operations are those of a subgroup; the word is the parent's.
        guard !block.hasTag(beginning: "_space_group_symop_magn"),
            let stated = block.text("_space_group_crystal_system", "_symmetry_cell_setting"),
            let meant = Self.family(named: stated),
            let read = PointGroup(rotations: operations.map(\.rotation)).map(Self.family(of:)), read != meant
        else { return [] }
        return [.crystalSystem(read: read.rawValue, stated: stated)]
    }

    private static func family(named text: String) -> CrystalFamily? {
        switch text.lowercased().trimmingPrefix("'") {
        case "trigonal", "rhombohedral": .hexagonal
        case "anorthic": .triclinic
        case let name: CrystalFamily(rawValue: String(name))
        }
    }

    private static func family(of group: PointGroup) -> CrystalFamily {
        switch group.laueClass {
        case "-1": .triclinic
        case "2/m": .monoclinic
        case "mmm": .orthorhombic
        case "4/m", "4/mmm": .tetragonal
        case "-3", "-3m", "6/m", "6/mmm": .hexagonal
        default: .cubic
        }
    }
}
