import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Symmetry

/// Where the symmetry of a calculated pattern comes from.
public enum SymmetrySource: String, Sendable, Hashable, CaseIterable {
    /// The operations that the file states, where they are those of a tabulated setting; else as `find`.
    case file
    /// What spglib finds within the tolerance.
    case find
    /// P 1: every atom for itself.
    case none
}

/// A crystal as its pattern is calculated: reduced, in the cell that h k l belong to.
public struct PatternCrystal: Sendable {
    public let file: String
    public let structure: ReducedStructure
    /// What was assumed on the way, one sentence each.
    public let warnings: [String]

    public init(file: String, structure: ReducedStructure, warnings: [String] = []) {
        self.file = file
        self.structure = structure
        self.warnings = warnings
    }

    /// The first structure of a file.
    ///
    /// The file's own cell is kept where it is the conventional cell of a tabulated setting; from a primitive cell,
    /// or a setting in no table, the way leads to the group's first setting. Only finding moves atoms, by less than
    /// the tolerance.
    ///
    /// - Parameter tolerance: Å, of finding. Intensities follow coordinates to about 2π · move/d.
    public init(
        readingFrom file: String, symmetry: SymmetrySource = .file, tolerance: Double = 1e-3
    ) throws {
        self = try PatternCrystal(
            try CrystalFile.readFirst(file), file: file, symmetry: symmetry, tolerance: tolerance)
    }

    public init(
        _ record: CrystalRecord, file: String, symmetry: SymmetrySource = .file, tolerance: Double = 1e-3
    ) throws {
        self.file = file
        let structure = record.structure
        guard structure.sites.contains(where: { $0.occupants.contains { $0.occupancy > 0 } }) else {
            throw CrystalFileError(
                file: file, problem: "nothing scatters: every occupancy is zero",
                remedy: "give at least one occupied site")
        }
        var warnings = record.warnings
        if symmetry == .file, let operations = record.declaredOperations, operations.count > 1 {
            if let declared = Self.declared(record, operations) {
                (self.structure, self.warnings) = (declared, warnings)
                return
            }
            warnings.append(
                "the file's setting is in no table; h k l belong to the first setting of the group found")
        }
        if symmetry == .none, let trivial = SpaceGroup(hallNumber: 1) {
            self.structure = ReducedStructure(
                title: structure.title, spaceGroup: trivial, lattice: structure.lattice,
                asymmetricSites: structure.sites, tolerance: 1e-6)
            self.warnings = warnings
            return
        }
        self.structure = try Self.found(structure, tolerance: tolerance, file: file)
        self.warnings = warnings
    }

    /// By the file's operations; nil where their setting is in no table.
    private static func declared(
        _ record: CrystalRecord, _ operations: [SymmetryOperation]
    ) -> ReducedStructure? {
        guard let group = SpaceGroup.matching(operations: operations) else { return nil }
        // The reader has put every site on its special position and counted its images.
        var first: [Int: Site] = [:]
        for (site, source) in zip(record.structure.sites, record.siteOfAtom) where first[source] == nil {
            first[source] = site
        }
        let sites = record.asymmetricSites.indices.compactMap { first[$0] }
        let reduced = ReducedStructure(
            title: record.structure.title, spaceGroup: group, lattice: record.structure.lattice,
            asymmetricSites: sites, tolerance: 1e-3)
        return reduced.atoms.count == record.structure.sites.count ? reduced : nil
    }

    private static func found(
        _ structure: CrystalStructure, tolerance: Double, file: String
    ) throws -> ReducedStructure {
        do {
            let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
            let own = abs(abs(found.transformation.determinant) - 1) < 1e-6 ? found.settingOfInput : nil
            let enforced = try SymmetryFinder.standardize(
                structure, found, cell: own == nil ? .standard : .keep)
            return try ReducedStructure(reducing: enforced.structure, in: own ?? found.spaceGroup)
        } catch {
            let parts = "\(error)".split(separator: ";", maxSplits: 1).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            throw CrystalFileError(
                file: file, problem: parts.first ?? "no symmetry found",
                remedy: parts.count > 1 ? parts[1] : "try another --tolerance, or --symmetry none")
        }
    }

    /// The same without displacement parameters.
    public var atRest: PatternCrystal {
        var still = structure
        for index in still.orbits.indices { still.orbits[index].displacement = nil }
        return PatternCrystal(file: file, structure: still, warnings: warnings)
    }

    /// g/cm³.
    public var density: Double {
        let mass = structure.orbits.reduce(0.0) { sum, orbit in
            sum + Double(orbit.multiplicity)
                * orbit.occupants.reduce(0) { $0 + $1.occupancy * $1.species.element.mass }
        }
        return mass * 1.66053906660 / structure.lattice.volume
    }
}
