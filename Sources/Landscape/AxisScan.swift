import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization

/// An objective along one axis: every minimum and maximum, the basin of the truth, and how rough the way to it is.
public struct AxisScan: Sendable {
    /// A place that an optimiser can end in.
    public struct Minimum: Sendable, Hashable {
        /// In the axis' unit.
        public var position: Double
        /// The objective there.
        public var value: Double
        /// f″, per unit of the parameter squared.
        public var curvature: Double
        /// From here to the lower of the two maxima (or ends of the domain) that enclose it.
        public var depth: Double
        /// What has to be climbed from here on the way to the truth's minimum; 0 for that one.
        public var barrier: Double
        /// Whether it is the truth's minimum or describes the same crystal.
        public var isTruth: Bool
        /// Whether an earlier minimum of the list describes the same crystal.
        public var isRepeated: Bool
        /// Peaks of the calculated pattern that stand on other peaks of the truth's, the largest overlap first.
        package var crossings: [PeakCrossing]
        /// False within a cluster, where the scan does not tell one minimum from several.
        public var isIsolated: Bool
    }

    /// On which sides a basin goes on beyond what was scanned.
    public struct OpenSides: Sendable, Hashable {
        /// Below.
        public var lower: Bool
        /// Above.
        public var upper: Bool
    }

    /// How far the truth lies from the ends of its basin, in the parameter's unit.
    package struct Reach: Sendable, Hashable {
        package var nearer: Double
        package var farther: Double
    }

    /// What the axis shows: one minimum, several, or undecided.
    public enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// The second derivative is positive throughout.
        case convex
        /// One minimum.
        case singleFunnel = "single-funnel"
        case multiFunnel = "multi-funnel"
        /// The objective does not depend on the parameter.
        case flat
    }

    /// The axis.
    public let axis: LandscapeAxis
    /// Its name.
    public let objective: String
    /// Whether the minima are proven complete, and by what.
    package let certificate: ScanCertificate
    /// Ascending in position.
    public let minima: [Minimum]
    /// Maxima between the ends.
    package let maxima: [StationaryPoint]
    /// Intervals in which stationary points could not be separated.
    public let clusters: [ClosedRange<Double>]
    /// Where the objective was evaluated, in order.
    package let samples: [ScanSample]
    /// How many evaluations it took.
    public let evaluations: Int
    /// Between the maxima that enclose the truth; nil where no minimum belongs to it.
    public let basin: ClosedRange<Double>?
    /// Whether the basin reaches the end of the domain on the lower and upper side and may go on beyond it.
    public let isBasinOpen: OpenSides
    /// Share of the axis where the second derivative is negative.
    public let negativeCurvatureShare: Double
    /// The objective's lowest value on the axis.
    public let lowest: Double
    /// The objective's highest value on the axis.
    public let highest: Double
    /// The largest |f′| and |f″| that were met, per unit of the parameter.
    public let largestSlope: Double
    /// The largest second derivative, per squared unit of the axis.
    public let largestCurvature: Double
    /// The verdict.
    public let verdict: Verdict

    /// The minimum that the truth belongs to.
    public var truthMinimum: Minimum? {
        minima.first { $0.isTruth && !$0.isRepeated } ?? minima.first(where: \.isTruth)
    }

    /// Minima that describe different crystals.
    public var distinctMinima: [Minimum] { minima.filter { !$0.isRepeated } }

    /// Minima that are not the truth.
    public var falseMinima: [Minimum] { distinctMinima.filter { !$0.isTruth } }

    /// Distinct minima whose value is within a share of the range of the best one's.
    package func minima(within share: Double) -> Int {
        let best = minima.map(\.value).min() ?? lowest
        return distinctMinima.count { $0.value - best <= share * (highest - lowest) }
    }

    /// Distance from the truth to the nearer and the farther end of its basin, in the parameter's unit.
    package var basinReach: Reach? {
        guard let basin else { return nil }
        let truth = axis.parameter.value
        let (left, right) = (truth - basin.lowerBound, basin.upperBound - truth)
        return Reach(nearer: min(left, right), farther: max(left, right))
    }

    /// Scans an axis.
    ///
    /// - Parameters:
    ///   - step: of the first sampling, in the parameter's unit, where the certificate is not exact; nil for one that
    ///     resolves the narrowest feature.
    ///   - crossings: whether the crossing peaks of false minima are looked up.
    ///   - memory: of the patterns along this axis, where several objectives look at the same ones.
    /// - Throws: `CertifiedScan.Failure.tooCoarse` for a step that skips whole peaks.
    package static func scan(
        _ objective: LandscapeObjective, along axis: LandscapeAxis, step: Double? = nil,
        crossings: Bool = true, memory: PatternMemory? = nil
    ) throws -> AxisScan {
        guard axis.domain.upperBound > axis.domain.lowerBound else {
            throw CertifiedScan.Failure.emptyDomain
        }
        let evaluator = try objective.evaluator(
            axis.structure, free: [axis.parameter.name], memory: memory)
        let axis = axis.ending(where: objective, evaluator)
        try evaluator.checkPotential()
        guard axis.domain.upperBound > axis.domain.lowerBound else {
            throw CertifiedScan.Failure.emptyDomain
        }
        let isPeriodic = axis.ends.lower == .period
        let scan: CertifiedScan
        var spent = 0
        if step == nil, let polynomial = PolynomialObjective(objective, axis: axis, evaluator: evaluator) {
            scan = .exact(
                sign: polynomial.sign, domain: axis.domain, isPeriodic: isPeriodic,
                resolution: axis.settings.identity.resolution, evaluate: polynomial.evaluate)
            spent = polynomial.evaluations
        } else {
            let needed = FeatureSize(objective, axis: axis, evaluator: evaluator)
            if let step, step > needed.coarsest {
                throw CertifiedScan.Failure.tooCoarse(step: step, needed: needed.coarsest)
            }
            let settings = axis.settings
            let length = axis.domain.upperBound - axis.domain.lowerBound
            scan = CertifiedScan.heuristic(
                in: axis.domain, step: step ?? needed.step,
                resolution: settings.identity.resolution * length,
                tolerance: settings.sampling.tolerance, depth: settings.sampling.depth
            ) { x in
                let point = evaluator.evaluate([x])
                return (point.value, point.gradient.first ?? .nan)
            }
            spent = scan.evaluations
        }
        try evaluator.checkPotential()
        return AxisScan(
            scan, objective: objective, axis: axis, evaluator: crossings ? evaluator : nil,
            evaluations: spent)
    }

    private init(
        _ scan: CertifiedScan, objective: LandscapeObjective, axis: LandscapeAxis,
        evaluator: LandscapeEvaluator?, evaluations: Int
    ) {
        self.axis = axis
        self.objective = objective.name
        certificate = scan.certificate
        clusters = scan.clusters
        samples = scan.samples
        self.evaluations = evaluations
        let finite = scan.samples.filter { $0.value.isFinite && $0.slope.isFinite }
        let values = finite.map(\.value) + scan.points.map(\.value)
        (lowest, highest) = (values.min() ?? .nan, values.max() ?? .nan)
        let isFlat = !(highest - lowest > axis.settings.identity.flat)
        let maxima = isFlat ? [] : scan.maxima
        self.maxima = maxima
        let relief = AxisRelief(
            maxima: maxima, samples: finite, domain: axis.domain,
            period: axis.ends.lower == .period ? axis.period : nil)
        let valleys = isFlat ? [] : scan.minima
        let truth = axis.parameter.value
        let basin = relief.enclosure(of: truth)
        // A basin without a minimum slopes out of the domain.
        let home = valleys.filter { basin.range.contains($0.position) }
            .min { abs($0.position - truth) < abs($1.position - truth) }
        self.basin = home == nil ? nil : basin.range
        isBasinOpen = OpenSides(lower: basin.isOpenBelow, upper: basin.isOpenAbove)
        var minima: [Minimum] = []
        for valley in valleys {
            let position = valley.position
            let isTruth = home.map { axis.isSame(position, $0.position) } ?? false
            minima.append(
                Minimum(
                    position: position, value: valley.value, curvature: valley.curvature,
                    depth: relief.depth(of: valley),
                    barrier: home.map { isTruth ? 0 : relief.barrier(from: valley, to: $0.position) } ?? .nan,
                    isTruth: isTruth,
                    isRepeated: minima.contains { axis.isSame($0.position, position) },
                    crossings: isTruth
                        ? [] : evaluator.map { PeakCrossing.list(at: position, axis, $0) } ?? [],
                    isIsolated: valley.isIsolated))
        }
        self.minima = minima
        negativeCurvatureShare = relief.negativeCurvatureShare
        largestSlope = finite.map { abs($0.slope) }.max() ?? 0
        largestCurvature = relief.largestCurvature
        let count = minima.count { !$0.isRepeated }
        verdict =
            isFlat
            ? .flat
            : count > 1
                ? .multiFunnel
                : relief.negativeCurvatureShare == 0 && maxima.isEmpty ? .convex : .singleFunnel
    }

    /// The same axis sampled, not solved, with half the step that this scan began with; for an exact one with 32
    /// points for each degree of its polynomial.
    package func atTwiceTheResolution(of objective: LandscapeObjective) throws -> AxisScan {
        let step: Double? =
            switch certificate {
            case .heuristic(let step): step / 2
            case .exact(let degree): 1 / Double(axis.settings.sampling.ofDegree * max(1, degree))
            case .bounded: nil
            }
        return try AxisScan.scan(objective, along: axis, step: step, crossings: false)
    }

    /// Whether two scans found the same stationary points: what doubling the resolution must not change.
    ///
    /// - Parameter distance: as a share of the domain.
    package func hasSamePoints(as other: AxisScan, within distance: Double = 1e-5) -> Bool {
        let length = axis.domain.upperBound - axis.domain.lowerBound
        func agree(_ a: [Double], _ b: [Double]) -> Bool {
            a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= distance * length }
        }
        return agree(minima.map(\.position), other.minima.map(\.position))
            && agree(maxima.map(\.position), other.maxima.map(\.position))
    }
}

extension LandscapeAxis {
    /// Whether two values of the parameter describe one crystal.
    package func isSame(_ a: Double, _ b: Double) -> Bool {
        kind == .coordinate
            ? equivalence.areSame(a, b)
            : abs(a - b) < settings.identity.sameLength * (domain.upperBound - domain.lowerBound)
    }
}

/// The up and down of a scanned axis.
struct AxisRelief {
    struct Enclosure {
        let range: ClosedRange<Double>
        let isOpenBelow: Bool
        let isOpenAbove: Bool
    }

    private let peaks: [StationaryPoint]
    private let samples: [ScanSample]
    private let domain: ClosedRange<Double>
    private let period: Double?

    /// - Parameter period: of the domain where it is periodic as a whole.
    init(
        maxima: [StationaryPoint], samples: [ScanSample], domain: ClosedRange<Double>, period: Double?
    ) {
        (self.samples, self.domain, self.period) = (samples, domain, period)
        if let period {
            // One period to both sides, so that what encloses a point can be read off.
            peaks = [-period, 0, period].flatMap { shift in
                maxima.map { point in
                    var moved = point
                    moved.position += shift
                    return moved
                }
            }
        } else {
            peaks = maxima
        }
    }

    func enclosure(of x: Double) -> Enclosure {
        let left = peaks.last { $0.position <= x }?.position
        let right = peaks.first { $0.position > x }?.position
        return Enclosure(
            range: min(left ?? domain.lowerBound, x)...max(right ?? domain.upperBound, x),
            isOpenBelow: left == nil, isOpenAbove: right == nil)
    }

    /// The height of what encloses a minimum on the lower side of it, minus its value.
    func depth(of valley: StationaryPoint) -> Double {
        let left = peaks.last { $0.position < valley.position }?.value ?? samples.first?.value
        let right = peaks.first { $0.position > valley.position }?.value ?? samples.last?.value
        return min(left ?? valley.value, right ?? valley.value) - valley.value
    }

    /// The highest maximum between a minimum and another place, the lower way round where the axis is periodic.
    func barrier(from valley: StationaryPoint, to home: Double) -> Double {
        func climb(_ a: Double, _ b: Double) -> Double {
            let between = peaks.filter { $0.position > min(a, b) && $0.position < max(a, b) }
            return (between.map(\.value).max() ?? valley.value) - valley.value
        }
        let direct = climb(valley.position, home)
        guard let period else { return direct }
        let around = valley.position < home ? home - period : home + period
        return min(direct, climb(valley.position, around))
    }

    /// Share of the sampled length over which the slope falls.
    var negativeCurvatureShare: Double {
        var (falling, whole) = (0.0, 0.0)
        for (a, b) in zip(samples, samples.dropFirst()) {
            whole += b.position - a.position
            if b.slope < a.slope { falling += b.position - a.position }
        }
        return whole > 0 ? falling / whole : 0
    }

    var largestCurvature: Double {
        zip(samples, samples.dropFirst()).map { abs($1.slope - $0.slope) / ($1.position - $0.position) }
            .max() ?? 0
    }
}

extension AxisScan {
    /// Every stationary point of an objective along an axis.
    ///
    /// - `step`: the first sampling, in the axis' unit; a quarter of the width of the fastest peak where it is nil.
    /// - Throws: an error of one line where the axis is empty, the step skips peaks or the objective cannot be evaluated.
    public static func scan(
        _ objective: LandscapeObjective, along axis: LandscapeAxis, step: Double? = nil
    ) throws -> AxisScan {
        try scan(objective, along: axis, step: step, crossings: true, memory: nil)
    }
}
