import Crystallography
import Diffraction
import Foundation
import Landscape
import NumericalMethods
import Parameterization
import Symmetry

/// Scans of all axes of many structures, under several objectives, peak widths and ranges of 2θ.
package struct LandscapeStudy: Sendable {
    /// What the objective is made of.
    package struct Setting: Sendable, Hashable {
        package var measure: SimilarityMeasure
        /// Degrees 2θ; nil for the paper's widths.
        package var fwhm: Double?
        /// Degrees 2θ of the last point; the first is at 0.
        package var lastAngle: Double

        package init(_ measure: SimilarityMeasure, fwhm: Double? = nil, lastAngle: Double = 90) {
            (self.measure, self.fwhm, self.lastAngle) = (measure, fwhm, lastAngle)
        }

        /// What a study varies one at a time: every measure, width and range with the first of the others.
        package static func oneAtATime(
            _ measures: [SimilarityMeasure], widths: [Double?], lastAngles: [Double]
        ) -> [Setting] {
            guard let measure = measures.first, let width = widths.first, let angle = lastAngles.first else {
                return []
            }
            return measures.map { Setting($0, fwhm: width, lastAngle: angle) }
                + widths.dropFirst().map { Setting(measure, fwhm: $0, lastAngle: angle) }
                + lastAngles.dropFirst().map { Setting(measure, fwhm: width, lastAngle: $0) }
        }

        /// `cosine paper 90.0`: measure, width, last angle.
        package var name: String {
            "\(measure.name) \(fwhm.map { "\($0)" } ?? "paper") \(lastAngle)"
        }
    }

    /// One axis of one structure under one setting: a line of the table.
    package struct Row: Sendable, Hashable, Codable {
        package var structure: String
        /// Crystal system.
        package var system: String
        package var measure: String
        /// Degrees; 0 for the paper's widths.
        package var fwhm: Double
        package var lastAngle: Double
        package var axis: String
        package var kind: String
        package var certificate: String
        package var end: String
        package var distinctMinima: Int
        package var withinFivePercent: Int
        package var withinTwentyPercent: Int
        /// From the truth to the nearer end of its basin, as a share of the parameter (lengths), in degrees
        /// (angles), of the cell (coordinates); not a number without a basin.
        package var reach: Double
        /// Å.
        package var reachInAngstrom: Double
        /// 1 where the nearer end is that of the domain, so that the basin may reach further.
        package var isOpen: Int
        package var negativeCurvatureShare: Double
        package var clusters: Int
        package var verdict: String
        /// Whether a scan of twice the resolution found the same stationary points: `same`, the numbers of minima
        /// where it did not (`3→5`), `–` where it was not made.
        package var doubled: String

        package static let columns = [
            "structure", "system", "measure", "fwhm", "lastAngle", "axis", "kind", "certificate", "end",
            "distinctMinima", "withinFivePercent", "withinTwentyPercent", "reach", "reachInAngstrom",
            "isOpen", "negativeCurvatureShare", "clusters", "verdict", "doubled",
        ]

        package var fields: [String] {
            [
                structure, system, measure, "\(fwhm)", "\(lastAngle)", axis, kind, certificate, end,
                "\(distinctMinima)", "\(withinFivePercent)", "\(withinTwentyPercent)", "\(reach)",
                "\(reachInAngstrom)", "\(isOpen)", "\(negativeCurvatureShare)", "\(clusters)", verdict,
                doubled,
            ]
        }

        /// From one line of the table; nil where it is none.
        package init?(fields: [String]) {
            guard fields.count == Self.columns.count, let fwhm = Double(fields[3]),
                let lastAngle = Double(fields[4]), let distinct = Int(fields[9]),
                let five = Int(fields[10]), let twenty = Int(fields[11]), let reach = Double(fields[12]),
                let angstrom = Double(fields[13]), let open = Int(fields[14]),
                let concave = Double(fields[15]), let clusters = Int(fields[16])
            else { return nil }
            guard (0...180).contains(fwhm), (0...180).contains(lastAngle), distinct >= 0, five >= 0,
                twenty >= 0, clusters >= 0
            else { return nil }
            (structure, system, measure) = (fields[0], fields[1], fields[2])
            (self.fwhm, self.lastAngle) = (fwhm, lastAngle)
            (axis, kind, certificate, end) = (fields[5], fields[6], fields[7], fields[8])
            (distinctMinima, withinFivePercent, withinTwentyPercent) = (distinct, five, twenty)
            (self.reach, reachInAngstrom, isOpen) = (reach, angstrom, open)
            (negativeCurvatureShare, self.clusters, verdict) = (concave, clusters, fields[17])
            doubled = fields[18]
        }

        /// `cosine paper 90.0`: the name of the row's setting.
        package var setting: String { "\(measure) \(fwhm == 0 ? "paper" : "\(fwhm)") \(lastAngle)" }

        /// From one line of the table; nil where it is none.
        package init?(line: String) {
            self.init(fields: line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
        }

        /// The rows of a table, whose study may be running; lines that are none (the header, the last one where its
        /// newline is not there yet) are passed over.
        package static func read(_ table: URL) throws -> [Row] {
            try String(contentsOf: table, encoding: .utf8)
                .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .compactMap { Row(line: String($0)) }
        }

        init(_ scan: AxisScan, structure: String, setting: Setting, finer: AxisScan? = nil) {
            let axis = scan.axis
            self.structure = structure
            system = axis.structure.spaceGroup.crystalSystem.rawValue
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
            doubled =
                finer.map {
                    $0.hasSamePoints(as: scan) ? "same" : "\(scan.minima.count)→\($0.minima.count)"
                } ?? "–"
        }
    }

    package var structures: [(name: String, structure: ReducedStructure)]
    package var settings: [Setting]
    /// Degrees; nil for a fifth of the width of the peaks (0.06 for the paper's).
    package var angleStep: Double?
    package var jobs: Int?
    /// The most coordinates of a structure that are scanned, evenly spread over its list; its lattice parameters
    /// all are.
    package var mostCoordinates: Int
    /// Structures that are scanned under other widths and ranges than the first: so many from the beginning.
    package var mostVaried: Int
    /// Scan every axis once more with twice the resolution.
    package var verifies: Bool

    package init(
        structures: [(name: String, structure: ReducedStructure)], settings: [Setting],
        angleStep: Double? = nil, jobs: Int? = nil, mostCoordinates: Int = 30, mostVaried: Int = .max,
        verifies: Bool = false
    ) {
        (self.structures, self.settings, self.angleStep) = (structures, settings, angleStep)
        (self.jobs, self.verifies) = (jobs, verifies)
        (self.mostCoordinates, self.mostVaried) = (mostCoordinates, mostVaried)
    }

    /// Scans what `done` does not hold yet; `finished` gets the rows of one structure under the measures of one width
    /// and range at a time.
    ///
    /// - Parameter done: `structure` and `setting.name`, with a tab between them.
    package func run(
        except done: Set<String> = [], finished: @escaping @Sendable ([Row], Int, Int) throws -> Void
    ) async throws {
        // Structure by structure under the first width and range, then under the next: a study that is stopped has
        // whole settings. Measures of one pattern are taken together.
        var tasks: [(name: String, structure: ReducedStructure, settings: [Setting])] = []
        for (number, group) in patternGroups.enumerated() {
            let count = number == 0 ? structures.count : min(structures.count, mostVaried)
            for (name, structure) in structures.prefix(count) {
                let left = group.filter { !done.contains("\(name)\t\($0.name)") }
                if !left.isEmpty { tasks.append((name, structure, left)) }
            }
        }
        let total = tasks.count
        let gate = RowGate(finished)
        _ = try await parallelMap(tasks, width: jobs) { task -> Int in
            let rows = try rows(task.name, task.structure, task.settings)
            try await gate.deliver(rows, total)
            return rows.count
        }
    }

    /// Settings that see the same pattern, in the order of their first.
    private var patternGroups: [[Setting]] {
        var groups: [[Setting]] = []
        for setting in settings {
            let place = groups.firstIndex {
                $0[0].fwhm == setting.fwhm && $0[0].lastAngle == setting.lastAngle
            }
            if let place { groups[place].append(setting) } else { groups.append([setting]) }
        }
        return groups
    }

    /// - Parameter settings: of one width and range.
    private func rows(
        _ name: String, _ structure: ReducedStructure, _ settings: [Setting]
    ) throws -> [Row] {
        try axes(of: structure).flatMap { parameter -> [Row] in
            let axis = try LandscapeAxis(structure, along: parameter)
            let memory = PatternMemory()
            return try settings.map { setting in
                // A fifth of the width of the peaks; the paper's are 0.3° and more.
                let step = angleStep ?? (setting.fwhm ?? 0.3) / 5
                let objective = LandscapeObjective(
                    pattern: .init(
                        setting.measure, model: .landscapePaper(structure, fwhm: setting.fwhm),
                        twoTheta: Array(stride(from: 0, to: setting.lastAngle, by: step))))
                let scan = try AxisScan.scan(objective, along: axis, crossings: false, memory: memory)
                return Row(
                    scan, structure: name, setting: setting,
                    finer: verifies ? try scan.atTwiceTheResolution(of: objective) : nil)
            }
        }
    }

    /// Names of the parameters that are scanned.
    package func axes(of structure: ReducedStructure) -> [String] {
        let lattice = structure.latticeParameters.names.count
        let names = structure.parameters.map(\.name)
        let coordinates = Array(names.dropFirst(lattice))
        let count = min(max(0, mostCoordinates), coordinates.count)
        return names.prefix(lattice) + (0..<count).map { coordinates[$0 * coordinates.count / count] }
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
