import Crystallography
import Foundation
import Patterns
import Publishing
import Symmetry

/// A calculated pattern: what `wyckoff pattern --json` prints.
package struct PatternSummary: Codable, Sendable {
    package struct Cell: Codable, Sendable {
        /// Å and degrees.
        package var a, b, c, alpha, beta, gamma: Double
    }

    package struct Phase: Codable, Sendable {
        package var file: String
        package var spaceGroup: SpaceGroupRow
        /// The cell that h k l and F belong to.
        package var cell: Cell
        /// Å³.
        package var volume: Double
        /// g/cm³.
        package var density: Double
        package var weightFraction: Double
    }

    package struct Line: Codable, Sendable {
        /// Å.
        package var wavelength: Double
        package var weight: Double
    }

    package struct Reflection: Codable, Sendable {
        /// Counts the files from 0.
        package var phase: Int
        package var h, k, l, multiplicity: Int
        /// Å.
        package var d: Double
        /// Degrees, of the first line.
        package var twoTheta: Double
        /// Electrons (fm for neutrons) per cell, √⟨|F|²⟩ over Friedel mates.
        package var F: Double
        /// m O LP A F² of the first line; in a mixture times volume fraction/V².
        package var intensity: Double
        /// The same with the strongest at 100.
        package var relativeIntensity: Double
    }

    package var file: String
    package var spaceGroup: SpaceGroupRow
    package var cell: Cell
    package var phases: [Phase]
    package var radiation: String
    package var lines: [Line]
    package var formFactors: String
    package var dispersion: Bool
    /// Degrees 2θ.
    package var range: [Double]
    package var points: Int
    /// Null unless asked for.
    @ExplicitNull package var reflections: [Reflection]?
    /// Degrees 2θ and intensities of the profile, null where reflections are asked for.
    @ExplicitNull package var twoTheta: [Double]?
    @ExplicitNull package var intensity: [Double]?

    package init(
        _ crystals: [PatternCrystal], _ result: PatternSimulation.Result, fractions: [Double]?,
        withReflections: Bool, withProfile: Bool
    ) {
        let sum = fractions?.reduce(0, +) ?? Double(crystals.count)
        phases = crystals.enumerated().map { k, crystal in
            Phase(
                file: crystal.file, spaceGroup: SpaceGroupRow(crystal.structure.spaceGroup),
                cell: Self.cell(crystal.structure.lattice), volume: crystal.structure.lattice.volume,
                density: crystal.density, weightFraction: (fractions?[k] ?? 1) / sum)
        }
        file = phases[0].file
        spaceGroup = phases[0].spaceGroup
        cell = phases[0].cell
        let instrument = result.model.instrument
        radiation = instrument.radiation.probe.rawValue
        lines = instrument.radiation.lines.map { Line(wavelength: $0.wavelength, weight: $0.weight) }
        formFactors =
            instrument.radiation.probe == .neutron
            ? "neutron lengths" : result.model.scatteringTable.rawValue
        dispersion = result.model.dispersion && instrument.radiation.probe == .xray
        range = [result.twoTheta.first ?? 0, result.twoTheta.last ?? 0]
        points = result.twoTheta.count
        let strongest = result.reflections.map(\.intensity).max() ?? 0
        reflections =
            withReflections
            ? result.reflections.map {
                Reflection(
                    phase: $0.phase, h: $0.index.x, k: $0.index.y, l: $0.index.z,
                    multiplicity: $0.multiplicity, d: $0.d, twoTheta: $0.twoTheta, F: $0.structureFactor,
                    intensity: $0.intensity,
                    relativeIntensity: strongest > 0 ? 100 * $0.intensity / strongest : 0)
            } : nil
        if withProfile { (twoTheta, intensity) = (result.twoTheta, result.calculated) }
    }

    private static func cell(_ lattice: Lattice) -> Cell {
        let (lengths, angles) = (lattice.lengths, lattice.angles)
        return Cell(
            a: lengths.x, b: lengths.y, c: lengths.z, alpha: angles.x, beta: angles.y, gamma: angles.z)
    }

    /// One line, keys sorted.
    package func json() throws -> String { try JSONDialect.line(self) }

    /// What was calculated, a line for each crystal.
    package var heading: String {
        let waves = lines.map { String(format: "%.6f", $0.wavelength) }.joined(separator: ", ")
        var text = phases.map { phase in
            let cell = [
                phase.cell.a, phase.cell.b, phase.cell.c, phase.cell.alpha, phase.cell.beta, phase.cell.gamma,
            ].map { String(format: "%.5g", $0) }.joined(separator: " ")
            let share =
                phases.count > 1 ? String(format: ", weight fraction %.4f", phase.weightFraction) : ""
            let choice = phase.spaceGroup.choice.isEmpty ? "" : ", \(phase.spaceGroup.choice)"
            return
                "\(phase.file): \(phase.spaceGroup.symbol) (\(phase.spaceGroup.number)\(choice)), \(cell)\(share)"
        }
        text.append(
            "\(radiation == "xray" ? "X-rays" : "neutrons") \(waves) Å, \(formFactors)"
                + (radiation == "xray" ? dispersion ? " with f′ and f″" : " without f′ and f″" : "")
                + String(format: ", %g–%g°", range[0], range[1]))
        return text.joined(separator: "\n")
    }

    package var text: String {
        guard let reflections else { return heading }
        let several = phases.count > 1
        let rows = reflections.map { r in
            (several ? ["\(r.phase + 1)"] : []) + [
                "\(r.h)", "\(r.k)", "\(r.l)", "\(r.multiplicity)", String(format: "%.6f", r.d),
                String(format: "%.5f", r.twoTheta), String(format: "%.5f", r.F),
                String(format: "%.4f", r.relativeIntensity),
            ]
        }
        let header =
            (several ? ["phase"] : []) + ["h", "k", "l", "mult", "d/Å", "2θ/°", "|F|", "I/Imax"]
        return heading + "\n" + TextTable.padded(header, rows)
    }
}
