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
public struct RecoverySummary: Codable, Sendable {
    public struct Cell: Codable, Sendable {
        public var a: Double
        public var b: Double
        public var c: Double
        public var alpha: Double
        public var beta: Double
        public var gamma: Double
    }

    public struct SiteRow: Codable, Sendable {
        public var label: String
        public var element: String
        public var letter: String
        public var multiplicity: Int
        public var x: Double
        public var y: Double
        public var z: Double
        /// Distance to the reference's atom, where a reference was given; Å.
        @ExplicitNull public var displacement: Double?
    }

    public struct ParameterRow: Codable, Sendable {
        public var name: String
        public var value: Double
        /// One standard uncertainty; null where the parameter was not refined.
        @ExplicitNull public var uncertainty: Double?
        public var unit: String
    }

    /// How one pattern is fitted.
    public struct PatternRow: Codable, Sendable {
        public var file: String
        /// `xray` or `neutron`.
        public var radiation: String
        /// Of the first line; Å.
        public var wavelength: Double
        /// One standard uncertainty; null where the wavelength was not refined.
        @ExplicitNull public var wavelengthUncertainty: Double?
        public var rwp: Double
        public var rwpBackgroundSubtracted: Double
        public var rexp: Double
        public var gof: Double
        public var rBragg: Double
        public var points: Int
        /// Degrees 2θ that the fit used.
        public var range: [Double]
        public var excluded: [[Double]]

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
    public struct Alternative: Codable, Sendable {
        public var spaceGroup: SpaceGroupRow
        public var rwp: Double
        /// Why it was not chosen.
        public var reason: String
    }

    public var version: String
    public var seed: UInt64
    public var seconds: Double
    public var pattern: String
    public var start: String
    public var spaceGroup: SpaceGroupRow
    public var cell: Cell
    public var volume: Double
    public var sites: [SiteRow]
    public var parameters: [ParameterRow]
    /// Of all patterns together, as are rexp, gof and points.
    public var rwp: Double
    /// Of the intensities above the refined background.
    public var rwpBackgroundSubtracted: Double
    /// Not a number, null in JSON, where intensities are no counts: `proof` says so.
    public var rexp: Double
    public var gof: Double
    /// Of the first pattern, as are rwpPawley, range and excluded.
    public var rBragg: Double
    /// Rwp with free intensities: what no atoms could improve.
    public var rwpPawley: Double
    public var points: Int
    /// Degrees 2θ that the fit used.
    public var range: [Double]
    public var excluded: [[Double]]
    /// spglib finds the group again at 10⁻⁵ Å.
    public var symmetryVerified: Bool
    /// Shortest distance between atoms, in Å, and as a share of the sum of their covalent radii.
    public var shortestDistance: Double
    public var shortestContact: Double
    /// Against `--reference`; null without one.
    @ExplicitNull public var matched: Bool?
    /// Over all atoms, least over equivalent origins and inversion; Å.
    @ExplicitNull public var rmsDisplacement: Double?
    @ExplicitNull public var maxDisplacement: Double?
    public var alternatives: [Alternative]
    public var warnings: [String]
    /// Each pattern, in the order given.
    public var patterns: [PatternRow]
    /// The verdict; the exit status and the page follow it.
    public var proof: Proof
    /// Every number that decided what was found (Docs/RecoverySettings.md); null in what versions before 0.2.0 wrote.
    @ExplicitNull public var settings: RecoverySettings?

    /// One object over many lines, keys sorted, numbers in full.
    public func json() throws -> String { try JSONDialect.indented(self) }
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
            start: outcome.start, spaceGroup: SpaceGroupRow(structure.spaceGroup),
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
            alternatives: kept, warnings: outcome.warnings,
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
