import CrystalFiles
import Crystallography
import Diffraction
import ExplainedErrors
import Foundation
import Parameterization
import Symmetry

/// Where the symmetry of a calculated pattern comes from.
package enum SymmetrySource: String, Sendable, Hashable, CaseIterable {
    /// The operations that the file states, where they are those of a tabulated setting; else as `find`.
    case file
    /// What spglib finds within the tolerance.
    case find
    /// P 1: every atom for itself.
    case none
}

/// A crystal as its pattern is calculated: reduced, in the cell that h k l belong to.
package struct PatternCrystal: Sendable {
    package let file: String
    package let structure: ReducedStructure
    /// What was assumed on the way, one sentence each.
    package let warnings: [String]

    package init(file: String, structure: ReducedStructure, warnings: [String] = []) {
        self.file = file
        self.structure = structure
        self.warnings = warnings
    }

    /// The first structure of a file.
    ///
    /// The file's own cell is kept where it is the conventional cell of a tabulated setting; from a primitive cell,
    /// or a setting in no table, the way leads to the group's first setting. Only finding moves atoms.
    ///
    /// - Parameter tolerance: Å, of finding; nil for the largest of 1e-3, 1e-4 and 1e-5 at which enforcing the group
    ///   changes no digit that counts: atoms by at most 5e-5 Å (intensities follow by 2π · move/d), the lattice by
    ///   3e-7.
    package init(
        readingFrom file: String, symmetry: SymmetrySource = .file, tolerance: Double? = nil
    ) throws {
        self = try PatternCrystal(
            try CrystalFile.readFirst(file), file: file, symmetry: symmetry, tolerance: tolerance)
    }

    package init(
        _ record: CrystalRecord, file: String, symmetry: SymmetrySource = .file, tolerance: Double? = nil
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
        warnings += Self.mergedDisplacements(record)
        let single = Self.withoutSymmetry(structure)
        if symmetry == .none, let single {
            (self.structure, self.warnings) = (single, warnings)
            return
        }
        let found = try Self.found(structure, tolerance: tolerance, file: file)
        if symmetry == .file, let single, structure.sites.contains(where: { $0.displacement != nil }),
            !Self.scattersAlike(found, single)
        {
            warnings.append(
                "the displacement parameters break the symmetry that the positions show; every atom counts for itself"
            )
            (self.structure, self.warnings) = (single, warnings)
            return
        }
        (self.structure, self.warnings) = (found, warnings)
    }

    private static func withoutSymmetry(_ structure: CrystalStructure) -> ReducedStructure? {
        SpaceGroup(hallNumber: 1).map {
            ReducedStructure(
                title: structure.title, spaceGroup: $0, lattice: structure.lattice,
                asymmetricSites: structure.sites, tolerance: 1e-6)
        }
    }

    /// Whether two descriptions have one pattern, to 1e-5 of its highest point.
    private static func scattersAlike(_ a: ReducedStructure, _ b: ReducedStructure) -> Bool {
        let instrument = Instrument(radiation: Radiation(wavelength: 1.5), widths: PeakWidths(w: 0.04))
        let grid = (0..<500).map { 5 + 0.2 * Double($0) }
        let patterns = [a, b].map { structure -> [Double]? in
            let model = PowderModel(
                phases: [PowderModel.Phase(structure)], instrument: instrument, dispersion: false)
            // What has no pattern of x-rays is told by the calculation that is asked for; here it costs a warning.
            return try? PowderCalculation(model, twoTheta: grid).calculated
        }
        guard let first = patterns[0], let second = patterns[1], let top = second.max() else { return true }
        return zip(first, second).allSatisfy { abs($0 - $1) <= 1e-5 * top }
    }

    /// By the file's operations; nil where their setting is in no table.
    private static func declared(
        _ record: CrystalRecord, _ operations: [SymmetryOperation]
    ) -> ReducedStructure? {
        guard let group = SpaceGroup.matching(operations: operations) else { return nil }
        let reduced = ReducedStructure(
            title: record.structure.title, spaceGroup: group, lattice: record.structure.lattice,
            asymmetricSites: record.separateSites, tolerance: 1e-3)
        // The reader and the reduction have judged alike what lies on a special position.
        let expected = record.structure.composition
        let counted = reduced.expanded().composition
        let agrees = expected.allSatisfy { abs($0.value - (counted[$0.key] ?? 0)) < 1e-6 }
        return agrees && expected.count == counted.count ? reduced : nil
    }

    /// Atoms on one place that the found symmetry must take for one, though their displacements differ.
    private static func mergedDisplacements(_ record: CrystalRecord) -> [String] {
        let lattice = record.structure.lattice
        return record.separateSites.indices.compactMap { k in
            let site = record.separateSites[k]
            let other = record.separateSites[..<k].first {
                lattice.length(($0.position - site.position).nearestImage) < 0.02
                    && $0.displacement != site.displacement
            }
            return other.map {
                "\(site.label) takes the displacement parameters of \($0.label), beside which it is"
            }
        }
    }

    private static func found(
        _ structure: CrystalStructure, tolerance: Double?, file: String
    ) throws -> ReducedStructure {
        do {
            guard let tolerance else { return try faithfullyFound(structure) }
            return try reduced(structure, SymmetryFinder.find(in: structure, tolerance: tolerance))
        } catch {
            let explanation = (error as? any ExplainedError)?.explanation ?? Explanation("\(error)")
            throw CrystalFileError(
                file: file, problem: explanation.problem,
                remedy: explanation.remedy ?? "try another --tolerance, or --symmetry none")
        }
    }

    private static func faithfullyFound(_ structure: CrystalStructure) throws -> ReducedStructure {
        for tolerance in [1e-3, 1e-4] {
            // What has no symmetry here may have it at a finer one; the last says why not.
            guard let found = try? SymmetryFinder.find(in: structure, tolerance: tolerance),
                found.maxDisplacement <= 5e-5, found.strain(of: structure.lattice) <= 3e-7,
                let result = try? reduced(structure, found)
            else { continue }
            return result
        }
        return try reduced(structure, SymmetryFinder.find(in: structure, tolerance: 1e-5))
    }

    private static func reduced(
        _ structure: CrystalStructure, _ found: FoundSymmetry
    ) throws -> ReducedStructure {
        let own = abs(abs(found.transformation.determinant) - 1) < 1e-6 ? found.settingOfInput : nil
        let enforced = try SymmetryFinder.standardize(structure, found, cell: own == nil ? .standard : .keep)
        return try ReducedStructure(reducing: enforced.structure, in: own ?? found.spaceGroup)
    }

    /// The same without displacement parameters.
    package var atRest: PatternCrystal {
        var still = structure
        for index in still.orbits.indices { still.orbits[index].displacement = nil }
        return PatternCrystal(file: file, structure: still, warnings: warnings)
    }

    /// g/cm³.
    package var density: Double { structure.density }
}
