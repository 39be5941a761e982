import CrystalFiles
import Crystallography
import Foundation
import Jobs
import Parameterization
import Publishing
import Recovery
import Refinement
import Symmetry

/// What a recovery found, as `summary.json` and `--json` give it. Lengths in Å, angles in degrees, B in Å²,
/// R factors as fractions (0.1 is 10 %).
package struct RecoverySummary: Codable, Sendable {
    package struct Cell: Codable, Sendable {
        package var a: Double
        package var b: Double
        package var c: Double
        package var alpha: Double
        package var beta: Double
        package var gamma: Double
    }

    package struct SiteRow: Codable, Sendable {
        package var label: String
        package var element: String
        package var letter: String
        package var multiplicity: Int
        package var x: Double
        package var y: Double
        package var z: Double
        /// Distance to the reference's atom, where a reference was given; Å.
        @ExplicitNull package var displacement: Double?
    }

    package struct ParameterRow: Codable, Sendable {
        package var name: String
        package var value: Double
        /// One standard uncertainty; null where the parameter was not refined.
        @ExplicitNull package var uncertainty: Double?
        package var unit: String
    }

    /// How one pattern is fitted.
    package struct PatternRow: Codable, Sendable {
        package var file: String
        /// `xray` or `neutron`.
        package var radiation: String
        /// Of the first line; Å.
        package var wavelength: Double
        /// One standard uncertainty; null where the wavelength was not refined.
        @ExplicitNull package var wavelengthUncertainty: Double?
        package var rwp: Double
        package var rwpBackgroundSubtracted: Double
        package var rexp: Double
        package var gof: Double
        package var rBragg: Double
        package var points: Int
        /// Degrees 2θ that the fit used.
        package var range: [Double]
        package var excluded: [[Double]]

        init(_ fit: PatternFit) {
            let radiation = fit.refinement.model.instrument.radiation
            let statistics = fit.refinement.statistics
            file = fit.file
            self.radiation = radiation.probe.rawValue
            wavelength = radiation.wavelength
            wavelengthUncertainty =
                fit.refinement.refined.first { $0.parameter.name == "wavelength" }?.uncertainty
            rwp = statistics.rwp
            rwpBackgroundSubtracted = statistics.rwpBackgroundSubtracted
            let hasExpectedR = fit.pattern.weighting.hasExpectedR
            rexp = hasExpectedR ? statistics.rexp : .nan
            gof = hasExpectedR ? statistics.gof : .nan
            rBragg = fit.rBragg
            points = statistics.points
            range = [fit.pattern.twoTheta.first ?? 0, fit.pattern.twoTheta.last ?? 0]
            excluded = fit.excluded.map { [$0.lowerBound, $0.upperBound] }
        }
    }

    /// Another structure that the search kept, and how it fits.
    package struct Alternative: Codable, Sendable {
        package var spaceGroup: SpaceGroupRow
        package var rwp: Double
        /// Why it was not chosen.
        package var reason: String
    }

    /// The direction by which the crystallites lie (March–Dollase).
    package struct Texture: Codable, Sendable {
        /// h, k, l on the axes of `cell`.
        package var plane: [Int]
        package var ratio: Double
        /// One standard uncertainty; null where the data do not tell it.
        @ExplicitNull package var uncertainty: Double?
        /// 2 ln K over none.
        package var evidence: Double
        package var rwpWithout: Double

        init?(_ finding: OrientationFinding?) {
            guard let finding, finding.isTaken else { return nil }
            plane = [finding.plane.x, finding.plane.y, finding.plane.z]
            (ratio, uncertainty) = (finding.ratio, finding.uncertainty)
            (evidence, rwpWithout) = (finding.evidence, finding.rwpWithout)
        }
    }

    /// What one of several starts led to.
    package struct StartRow: Codable, Sendable {
        package var file: String
        /// Null where it led nowhere, as is rwp.
        @ExplicitNull package var spaceGroup: SpaceGroupRow?
        @ExplicitNull package var rwp: Double?
        package var proven: Bool
        /// The clauses that do not hold, or what stopped it.
        package var remark: String

        init(_ tried: RecoveryOutcome.TriedStart) {
            file = tried.name
            spaceGroup = tried.spaceGroup.map { SpaceGroupRow($0) }
            (rwp, proven, remark) = (tried.rwp, tried.isProven, tried.remark)
        }
    }

    /// A phase of a sample with known ones, and its share of the weight of all.
    package struct PhaseRow: Codable, Sendable {
        /// Of the recovered phase the start's.
        package var file: String
        package var spaceGroup: SpaceGroupRow
        /// a, b, c, α, β, γ.
        package var cell: [Double]
        package var weightFraction: Double
        /// One standard uncertainty; null where the data do not tell it.
        @ExplicitNull package var weightUncertainty: Double?

        init(_ share: RecoveryOutcome.PhaseShare) {
            file = share.name
            spaceGroup = SpaceGroupRow(share.structure.spaceGroup)
            cell = share.structure.latticeParameters.cell
            (weightFraction, weightUncertainty) = (share.weight.fraction, share.weight.uncertainty)
        }

        /// `23.1(4)`.
        package var percent: String {
            MeasuredValue(100 * weightFraction, uncertainty: weightUncertainty.map { 100 * $0 }).shortText
        }
    }

    package var version: String
    package var seed: UInt64
    package var seconds: Double
    package var pattern: String
    package var start: String
    /// Of several, every start in the order given, and `start` is the one that was taken; empty where there was one.
    @ExplicitNull package var starts: [StartRow]? = []
    /// Of a sample with known phases all of them, the recovered one first; else empty.
    @ExplicitNull package var phases: [PhaseRow]? = []
    package var spaceGroup: SpaceGroupRow
    package var cell: Cell
    package var volume: Double
    package var sites: [SiteRow]
    package var parameters: [ParameterRow]
    /// Of all patterns together, as are rexp, gof and points.
    package var rwp: Double
    /// Of the intensities above the refined background.
    package var rwpBackgroundSubtracted: Double
    /// Not a number, null in JSON, where intensities are no counts: `proof` says so.
    package var rexp: Double
    package var gof: Double
    /// Of the first pattern, as are rwpPawley, range and excluded.
    package var rBragg: Double
    /// Rwp with free intensities: what no atoms could improve.
    package var rwpPawley: Double
    package var points: Int
    /// Degrees 2θ that the fit used.
    package var range: [Double]
    package var excluded: [[Double]]
    /// spglib finds the group again at 10⁻⁵ Å.
    package var symmetryVerified: Bool
    /// Shortest distance between atoms, in Å, and as a share of the sum of their covalent radii.
    package var shortestDistance: Double
    package var shortestContact: Double
    /// Against `--reference`; null without one.
    @ExplicitNull package var matched: Bool?
    /// Over all atoms, least over equivalent origins and inversion; Å.
    @ExplicitNull package var rmsDisplacement: Double?
    @ExplicitNull package var maxDisplacement: Double?
    /// Where it was asked for and the pattern shows it, else null.
    @ExplicitNull package var texture: Texture? = nil
    package var alternatives: [Alternative]
    package var warnings: [String]
    /// Each pattern, in the order given.
    package var patterns: [PatternRow]
    /// The verdict; the exit status and the page follow it.
    package var proof: Proof
    /// Every number that decided what was found (Docs/RecoverySettings.md); null in what versions before 0.2.0 wrote.
    @ExplicitNull package var settings: RecoverySettings?

    /// One object over many lines, keys sorted, numbers in full.
    package func json() throws -> String { try JSONDialect.indented(self) }
}

extension RecoverySummary {
    /// - Parameter version: of the program.
    package init(_ outcome: RecoveryOutcome, version: String) {
        let (result, structure, fits) = (outcome.result, outcome.structure, outcome.fits)
        let (statistics, first) = (result.statistics, outcome.fits[0])
        let hasExpectedR = fits.allSatisfy(\.pattern.weighting.hasExpectedR)
        let refined = result.joint?.refined ?? result.refinement.refined
        var kept = outcome.rejected.map {
            Alternative(spaceGroup: SpaceGroupRow($0.spaceGroup), rwp: $0.rwp, reason: $0.reason)
        }
        kept += result.alternatives.map { Alternative($0) }
        self.init(
            version: version, seed: outcome.seed, seconds: outcome.seconds, pattern: first.file,
            start: outcome.start, starts: outcome.starts.map(StartRow.init),
            phases: outcome.phases.map(PhaseRow.init), spaceGroup: SpaceGroupRow(structure.spaceGroup),
            cell: Cell(structure.latticeParameters.cell), volume: structure.lattice.volume,
            sites: structure.orbits.indices.map { index in
                SiteRow(
                    structure.orbits[index],
                    displacement: outcome.comparison?.displacement(ofOrbit: index, in: structure))
            },
            parameters: refined.map {
                ParameterRow(
                    name: $0.parameter.name, value: $0.parameter.value, uncertainty: $0.uncertainty,
                    unit: $0.parameter.unit)
            }, rwp: statistics.rwp, rwpBackgroundSubtracted: statistics.rwpBackgroundSubtracted,
            rexp: hasExpectedR ? statistics.rexp : .nan, gof: hasExpectedR ? statistics.gof : .nan,
            rBragg: first.rBragg, rwpPawley: result.freeIntensityRwp, points: statistics.points,
            range: [first.pattern.twoTheta.first ?? 0, first.pattern.twoTheta.last ?? 0],
            excluded: first.excluded.map { [$0.lowerBound, $0.upperBound] },
            symmetryVerified: outcome.proof.holds("symmetry"),
            shortestDistance: outcome.contacts.shortestDistance,
            shortestContact: outcome.contacts.shortestShare, matched: outcome.comparison?.isMatch,
            rmsDisplacement: outcome.comparison?.rmsDisplacement,
            maxDisplacement: outcome.comparison?.maximumDisplacement,
            texture: Texture(result.orientation), alternatives: kept, warnings: outcome.warnings,
            patterns: fits.map(PatternRow.init), proof: outcome.proof,
            settings: outcome.settings)
    }
}

extension RecoverySummary.Cell {
    /// - Parameter cell: a, b, c in Å, α, β, γ in degrees.
    fileprivate init(_ cell: [Double]) {
        self.init(a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5])
    }
}

extension RecoverySummary.SiteRow {
    fileprivate init(_ orbit: Orbit, displacement: Double?) {
        self.init(
            label: orbit.label, element: orbit.occupants.first?.species.element.symbol ?? "?",
            letter: orbit.letter, multiplicity: orbit.multiplicity, x: orbit.position.x, y: orbit.position.y,
            z: orbit.position.z, displacement: displacement)
    }
}

extension RecoverySummary.Alternative {
    fileprivate init(_ other: PowderRecovery.Alternative) {
        self.init(
            spaceGroup: SpaceGroupRow(other.structure.spaceGroup), rwp: other.rwp,
            reason: other.shortestContact < Contacts.sane ? "atoms too close" : "fits worse")
    }
}
