import Crystallography
import Diffraction
import Foundation
import Landscape
import NumericalMethods
import Parameterization
import Symmetry

/// Scans of all axes of many structures, under several objectives, peak widths and ranges of 2θ.
public struct LandscapeStudy: Sendable {
    /// What the objective is made of.
    public struct Setting: Sendable, Hashable {
        public var measure: SimilarityMeasure
        /// Degrees 2θ; nil for the paper's widths.
        public var fwhm: Double?
        /// Degrees 2θ of the last point; the first is at 0.
        public var lastAngle: Double

        public init(_ measure: SimilarityMeasure, fwhm: Double? = nil, lastAngle: Double = 90) {
            (self.measure, self.fwhm, self.lastAngle) = (measure, fwhm, lastAngle)
        }

        /// `cosine paper 90.0`: measure, width, last angle.
        public var name: String {
            "\(measure.name) \(fwhm.map { "\($0)" } ?? "paper") \(lastAngle)"
        }
    }

    /// One axis of one structure under one setting: a line of the table.
    public struct Row: Sendable, Hashable, Codable {
        public var structure: String
        public var family: String
        public var measure: String
        /// Degrees; 0 for the paper's widths.
        public var fwhm: Double
        public var lastAngle: Double
        public var axis: String
        public var kind: String
        public var certificate: String
        public var end: String
        public var distinctMinima: Int
        public var withinFivePercent: Int
        public var withinTwentyPercent: Int
        /// From the truth to the nearer end of its basin, as a share of the parameter (lengths), in degrees
        /// (angles), of the cell (coordinates); not a number without a basin.
        public var reach: Double
        /// Å.
        public var reachInAngstrom: Double
        /// 1 where the nearer end is that of the domain, so that the basin may reach further.
        public var isOpen: Int
        public var negativeCurvatureShare: Double
        public var clusters: Int
        public var verdict: String

        public static let columns = [
            "structure", "family", "measure", "fwhm", "lastAngle", "axis", "kind", "certificate", "end",
            "distinctMinima", "withinFivePercent", "withinTwentyPercent", "reach", "reachInAngstrom",
            "isOpen", "negativeCurvatureShare", "clusters", "verdict",
        ]

        public var fields: [String] {
            [
                structure, family, measure, "\(fwhm)", "\(lastAngle)", axis, kind, certificate, end,
                "\(distinctMinima)", "\(withinFivePercent)", "\(withinTwentyPercent)", "\(reach)",
                "\(reachInAngstrom)", "\(isOpen)", "\(negativeCurvatureShare)", "\(clusters)", verdict,
            ]
        }

        /// From one line of the table; nil where it is none.
        public init?(fields: [String]) {
            guard fields.count == Self.columns.count, let fwhm = Double(fields[3]),
                let lastAngle = Double(fields[4]), let distinct = Int(fields[9]),
                let five = Int(fields[10]), let twenty = Int(fields[11]), let reach = Double(fields[12]),
                let angstrom = Double(fields[13]), let open = Int(fields[14]),
                let concave = Double(fields[15]), let clusters = Int(fields[16])
            else { return nil }
            (structure, family, measure) = (fields[0], fields[1], fields[2])
            (self.fwhm, self.lastAngle) = (fwhm, lastAngle)
            (axis, kind, certificate, end) = (fields[5], fields[6], fields[7], fields[8])
            (distinctMinima, withinFivePercent, withinTwentyPercent) = (distinct, five, twenty)
            (self.reach, reachInAngstrom, isOpen) = (reach, angstrom, open)
            (negativeCurvatureShare, self.clusters, verdict) = (concave, clusters, fields[17])
        }

        init(_ scan: AxisScan, structure: String, setting: Setting) {
            let axis = scan.axis
            self.structure = structure
            family = axis.structure.spaceGroup.crystalFamily.rawValue
            measure = setting.measure.name
            (fwhm, lastAngle) = (setting.fwhm ?? 0, setting.lastAngle)
            self.axis = axis.parameter.name
            (kind, certificate) = (axis.kind.rawValue, scan.certificate.name)
            end = axis.ends.lower.rawValue
            distinctMinima = scan.distinctMinima.count
            withinFivePercent = scan.minima(within: 0.05)
            withinTwentyPercent = scan.minima(within: 0.2)
            let nearer = scan.basinReach?.nearer ?? .nan
            reach = axis.kind == .length ? nearer / axis.parameter.value : nearer
            reachInAngstrom = axis.length(of: nearer)
            let truth = axis.parameter.value
            let isLower = scan.basin.map { truth - $0.lowerBound <= $0.upperBound - truth } ?? true
            isOpen = (isLower ? scan.isBasinOpen.lower : scan.isBasinOpen.upper) ? 1 : 0
            negativeCurvatureShare = scan.negativeCurvatureShare
            clusters = scan.clusters.count
            verdict = scan.verdict.rawValue
        }
    }

    public var structures: [(name: String, structure: ReducedStructure)]
    public var settings: [Setting]
    /// Degrees.
    public var angleStep: Double
    public var jobs: Int?
    /// Axes beyond this many are left out (triclinic structures have dozens of coordinates).
    public var mostAxes: Int

    public init(
        structures: [(name: String, structure: ReducedStructure)], settings: [Setting],
        angleStep: Double = 0.04, jobs: Int? = nil, mostAxes: Int = 30
    ) {
        (self.structures, self.settings, self.angleStep) = (structures, settings, angleStep)
        (self.jobs, self.mostAxes) = (jobs, mostAxes)
    }

    /// Scans what `done` does not hold yet; `finished` gets the rows of one structure under one setting at a time.
    ///
    /// - Parameter done: `structure` and `setting.name`, with a tab between them.
    public func run(
        except done: Set<String> = [], finished: @escaping @Sendable ([Row], Int, Int) throws -> Void
    ) async throws {
        var tasks: [(name: String, structure: ReducedStructure, setting: Setting)] = []
        // Structure by structure under the first setting, then under the next: a study that is stopped has whole settings.
        for setting in settings {
            for (name, structure) in structures where !done.contains("\(name)\t\(setting.name)") {
                tasks.append((name, structure, setting))
            }
        }
        let total = tasks.count
        let (step, most) = (angleStep, mostAxes)
        let gate = RowGate(finished)
        _ = try await parallelMap(tasks, width: jobs) { task -> Int in
            let rows = try Self.rows(task.name, task.structure, task.setting, step: step, most: most)
            try await gate.deliver(rows, total)
            return rows.count
        }
    }

    private static func rows(
        _ name: String, _ structure: ReducedStructure, _ setting: Setting, step: Double, most: Int
    ) throws -> [Row] {
        let objective = LandscapeObjective(
            pattern: .init(
                setting.measure, model: .landscapePaper(structure, fwhm: setting.fwhm),
                twoTheta: Array(stride(from: 0, to: setting.lastAngle, by: step))))
        return try structure.parameters.prefix(most).map { parameter in
            let axis = try LandscapeAxis(structure, along: parameter.name)
            return Row(
                try AxisScan(objective, along: axis, crossings: false), structure: name, setting: setting)
        }
    }
}

/// Hands rows over one batch at a time.
private actor RowGate {
    private var count = 0
    private let finished: @Sendable ([LandscapeStudy.Row], Int, Int) throws -> Void

    init(_ finished: @escaping @Sendable ([LandscapeStudy.Row], Int, Int) throws -> Void) {
        self.finished = finished
    }

    func deliver(_ rows: [LandscapeStudy.Row], _ total: Int) throws {
        count += 1
        try finished(rows, count, total)
    }
}
