import CrystalFiles
import Crystallography
import Diffraction
import Foundation
import Landscape
import Matching
import Parameterization
import Symmetry

/// The truth of a study: a structure idealised at 0.1 Å in its conventional standard cell, and its noise-free pattern.
package struct RecoveryReference: Sendable {
    package let name: String
    package let reduced: ReducedStructure
    package let structure: CrystalStructure
    /// How far idealising moved an atom, Å, and strained the lattice.
    package let idealizationDisplacement: Double
    package let idealizationStrain: Double
    package let target: [Double]
    /// What the arms see in place of `target` where a study disturbs its patterns.
    package var observed: PowderPattern?
    let matchCandidate: MatchCandidate

    /// 2θ 0–90° in steps of 0.01°, 9,000 points (Segal et al. 2025).
    package static let twoTheta = (0..<9000).map { Double($0) / 100 }

    /// - Throws: `StudyError.structure` where the group cannot be found or enforced, or the pattern is empty.
    package static func prepared(name: String, structure: CrystalStructure) throws -> RecoveryReference {
        let ideal: StandardizedStructure
        let reduced: ReducedStructure
        do {
            let found = try SymmetryFinder.find(in: structure, tolerance: 0.1)
            ideal = try SymmetryFinder.standardize(structure, found, cell: .standard)
            // Displacements are no part of the paper's simulator.
            var bare = ideal.structure
            for index in bare.sites.indices { bare.sites[index].displacement = nil }
            reduced = try ReducedStructure(reducing: bare, in: found.spaceGroup)
        } catch {
            throw StudyError.structure(name: name, reason: "\(error)")
        }
        let pattern = try PowderCalculation(model(reduced), twoTheta: twoTheta).calculated
        guard (pattern.max() ?? 0) > 0 else {
            throw StudyError.structure(name: name, reason: "its pattern is empty up to 90°")
        }
        let whole = reduced.expanded()
        return RecoveryReference(
            name: name, reduced: reduced, structure: whole,
            idealizationDisplacement: ideal.maxDisplacement, idealizationStrain: ideal.strain,
            target: pattern, matchCandidate: MatchCandidate(whole))
    }

    /// Structures drawn from large sets; those whose group cannot be enforced are passed over.
    ///
    /// - Parameter skipped: gets one line for each that is passed over.
    package static func read(
        _ selection: StratifiedSelection, _ count: Int, from paths: [String],
        skipped: (String) -> Void = { _ in }
    ) throws -> [RecoveryReference] {
        var references: [RecoveryReference] = []
        for (name, structure) in try selection.select(count, from: paths, skipped: skipped) {
            do {
                references.append(try RecoveryReference.prepared(name: name, structure: structure))
            } catch {
                skipped("\(name): left out: \(error)")
            }
        }
        guard !references.isEmpty else {
            throw StudyError.usage("no structure could be taken from \(paths.joined(separator: " "))")
        }
        return references
    }

    /// All structures of files and folders, in the order of their paths; one alone in its file has the file's name, of
    /// several each its own.
    package static func read(_ paths: [String]) throws -> [RecoveryReference] {
        var files: [String] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw StudyError.usage("\(path): not there; give structure files or folders of them")
            }
            if isFolder.boolValue {
                let inside = try FileManager.default.contentsOfDirectory(atPath: path).filter {
                    ["cif", "vasp", "poscar", "xyz", "json", "jsonl"].contains(
                        URL(fileURLWithPath: $0).pathExtension.lowercased())
                }
                files += inside.sorted().map { path + "/" + $0 }
            } else {
                files.append(path)
            }
        }
        guard !files.isEmpty else {
            throw StudyError.usage("no structure file in \(paths.joined(separator: " "))")
        }
        let references = try files.flatMap { file in
            let records = try CrystalFile.read(file)
            let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
            return try records.map {
                try RecoveryReference.prepared(
                    name: records.count == 1 ? name : $0.name, structure: $0.structure)
            }
        }
        var names: Set<String> = []
        for reference in references where !names.insert(reference.name).inserted {
            throw StudyError.usage(
                "two structures are called \(reference.name); runs are stored by name: rename one of them")
        }
        return references
    }

    /// The paper's simulator for a structure, peaks without an end.
    package static func model(_ structure: ReducedStructure) -> PowderModel {
        .landscapePaper(structure, radius: .infinity)
    }
}
