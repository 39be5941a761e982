import CrystalFiles
import Crystallography
import ExplainedErrors
import Foundation
import Parameterization
import Publishing
import Symmetry

/// The symmetry found in a structure: what `wyckoff symmetry` prints, one JSON object for each file.
///
/// `number`, `hallNumber`, `international`, `choice` and `rms` are what `spaceGroup` and `rmsDisplacement` say, under
/// their older names.
package struct SymmetrySummary: Codable, Sendable {
    package struct Rung: Codable, Sendable {
        package var spaceGroup: SpaceGroupRow
        package var number: Int
        package var international: String
        /// Å, from and to.
        package var tolerances: [Double]
        /// What enforcing the group displaces at most, Å, and strains.
        package var maxDisplacement: Double
        package var strain: Double
    }

    /// The tabulated setting that the file's cell and origin are in, where letters are others than in `hallNumber`'s.
    package struct InputSetting: Codable, Sendable {
        package var spaceGroup: SpaceGroupRow
        package var hallNumber: Int
        package var international: String
        package var choice: String
        package var letters: [String]
        package var siteSymmetry: [String]
    }

    /// In the file's own cell: x′ = rotation · x + translation, the identity first.
    package struct Operations: Codable, Sendable {
        package var rotations: [[[Int]]]
        package var translations: [[Double]]

        package init(_ found: FoundSymmetry) {
            let own = found.operationsInInput
            rotations = own.map { operation in
                (0..<3).map { row in (0..<3).map { operation.rotation[row, $0] } }
            }
            translations = own.map { operation in (0..<3).map { operation.translation[$0] } }
        }
    }

    package var file: String
    package var spaceGroup: SpaceGroupRow
    package var number: Int
    package var hallNumber: Int
    package var international: String
    package var choice: String
    package var pointGroup: String
    package var crystalFamily: String
    /// Å.
    package var tolerance: Double
    /// One for each atom of the cell, in the file's order, as are `siteSymmetry` and `orbits`.
    package var letters: [String]
    package var siteSymmetry: [String]
    package var orbits: [Int]
    /// Of the atoms, in the file's order.
    package var labels: [String]
    package var operations: Operations
    /// x of the standard setting = transformation · x + originShift (spglib's convention); rows.
    package var transformation: [[Double]]
    package var originShift: [Double]
    /// Of the standard setting with the group's metric: a, b, c in Å, α, β, γ in degrees.
    package var standardCell: [Double]
    /// What enforcing the group displaces, Å.
    package var maxDisplacement: Double
    package var rmsDisplacement: Double
    package var rms: Double
    /// Null where the letters are the same there, or the file's cell is in no table.
    @ExplicitNull package var inputSetting: InputSetting?
    /// Null unless asked for.
    @ExplicitNull package var ladder: [Rung]?

    /// - Parameters:
    ///   - found: in the structure.
    ///   - tolerance: Å, within which it was found.
    ///   - ladder: the groups at every tolerance; nil where they were not asked for.
    package init(
        file: String, _ found: FoundSymmetry, in structure: CrystalStructure, tolerance: Double,
        ladder rungs: [SymmetryRung]? = nil
    ) {
        let lattice = structure.lattice
        let group = SpaceGroupRow(found.spaceGroup)
        (self.file, self.tolerance, spaceGroup) = (file, tolerance, group)
        (number, hallNumber) = (group.number, group.hallNumber)
        (international, choice) = (group.symbol, group.choice)
        pointGroup = found.pointGroup
        crystalFamily = found.spaceGroup.crystalFamily.rawValue
        letters = found.letters
        siteSymmetry = found.siteSymmetrySymbols
        orbits = found.orbits
        labels = structure.sites.map(\.name)
        operations = Operations(found)
        let matrix = found.transformation
        transformation = (0..<3).map { row in (0..<3).map { matrix[row, $0] } }
        originShift = (0..<3).map { found.originShift[$0] }
        standardCell = LatticeParameters(of: found.idealLattice, in: found.spaceGroup).cell
        maxDisplacement = found.maxDisplacement
        (rmsDisplacement, rms) = (found.rmsDisplacement, found.rmsDisplacement)
        inputSetting = Self.inputSetting(found)
        ladder = rungs?.map { rung in
            let group = SpaceGroupRow(rung.found.spaceGroup)
            return Rung(
                spaceGroup: group, number: group.number, international: group.symbol,
                tolerances: [rung.tolerances.lowerBound, rung.tolerances.upperBound],
                maxDisplacement: rung.found.maxDisplacement, strain: rung.found.strain(of: lattice))
        }
    }

    /// Finds the symmetry of a file's structure.
    ///
    /// - Parameters:
    ///   - tolerance: Å.
    ///   - withLadder: whether the groups at every tolerance are found too.
    /// - Throws: `FileProblem` with the file's name.
    package static func found(
        in structure: CrystalStructure, of file: String, tolerance: Double, withLadder: Bool = false
    ) throws -> SymmetrySummary {
        try naming(file) {
            SymmetrySummary(
                file: file, try SymmetryFinder.find(in: structure, tolerance: tolerance),
                in: structure, tolerance: tolerance,
                ladder: withLadder ? try SymmetryFinder.ladder(in: structure) : nil)
        }
    }

    /// An error of the search with the file's name before it, and what helps.
    static func naming<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
        try FileProblem.naming(file) {
            do {
                return try body()
            } catch let error as ReductionError {
                throw CrystalFileError(file: file, problem: "\(error)", remedy: "try another --tolerance")
            }
        }
    }

    private static func inputSetting(_ found: FoundSymmetry) -> InputSetting? {
        guard let own = found.settingOfInput else { return nil }
        let positions = found.wyckoffPositionsOfInput(in: own).compactMap { $0 }
        let letters = positions.map(\.letter)
        guard letters.count == found.letters.count else { return nil }
        guard own.hallNumber != found.spaceGroup.hallNumber || letters != found.letters else { return nil }
        return InputSetting(
            spaceGroup: SpaceGroupRow(own), hallNumber: own.hallNumber, international: own.symbol,
            choice: own.choice, letters: letters,
            siteSymmetry: positions.map(\.siteSymmetry))
    }

    /// One line, keys sorted.
    package func json() throws -> String { try JSONDialect.line(self) }

    /// For a person; `labels` are the atoms' labels.
    package func text(labels: [String]) -> String {
        var lines = [
            "\(file): \(international) (\(number)), Hall number \(hallNumber)"
                + (choice.isEmpty ? "" : ", choice \(choice)")
                + ", point group \(pointGroup), \(crystalFamily), at \(tolerance) Å",
            String(
                format: "enforcing it moves atoms by up to %.5f Å (rms %.5f Å)", maxDisplacement,
                rmsDisplacement),
        ]
        if let own = inputSetting {
            lines.append(
                "the file is in the setting \(own.international), Hall number \(own.hallNumber)"
                    + (own.choice.isEmpty ? "" : ", choice \(own.choice)") + ": letters there in brackets")
        }
        var seen = Set<Int>()
        for (atom, orbit) in orbits.enumerated() where seen.insert(orbit).inserted {
            var line = "  \(labels[atom])  "
            line += Self.position(letters[atom], siteSymmetry[atom], hallNumber: hallNumber)
            if let own = inputSetting {
                let there = Self.position(
                    own.letters[atom], own.siteSymmetry[atom], hallNumber: own.hallNumber)
                line += "  (\(there))"
            }
            lines.append(line)
        }
        for rung in ladder ?? [] {
            lines.append(
                String(
                    format: "  %@ (%d) from %.2g to %.2g Å, moves atoms by up to %.4f Å, strain %.4f",
                    rung.international, rung.number, rung.tolerances[0], rung.tolerances[1],
                    rung.maxDisplacement,
                    rung.strain))
        }
        return lines.joined(separator: "\n")
    }

    /// `4c  .m.`
    private static func position(_ letter: String, _ siteSymmetry: String, hallNumber: Int) -> String {
        let position = SpaceGroup(hallNumber: hallNumber)?.wyckoffPosition(letter: letter)
        return (position.map { "\($0.multiplicity)" } ?? "") + "\(letter)  \(siteSymmetry)"
    }
}
