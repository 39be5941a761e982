import Foundation
import Landscape
import NumericalMethods
import Parameterization
import Publishing

/// What scans along axes found, for machines and for readers.
package struct ScanSummary: Encodable, Sendable {
    struct Crossing: Encodable, Sendable {
        let calculated: [Int]
        let target: [Int]
        let twoTheta: Double
        let share: Double

        init(_ crossing: PeakCrossing) {
            func list(_ h: SIMD3<Int>) -> [Int] { [h.x, h.y, h.z] }
            calculated = list(crossing.calculated)
            target = list(crossing.target)
            twoTheta = crossing.twoTheta
            share = crossing.share
        }

        var text: String {
            func hkl(_ h: [Int]) -> String { h.map { $0 < 0 ? "−\(-$0)" : "\($0)" }.joined(separator: " ") }
            return "(\(hkl(calculated))) on (\(hkl(target)))"
        }
    }

    struct Minimum: Encodable, Sendable {
        let position: Double
        let value: Double
        let curvature: Double
        let depth: Double
        @ExplicitNull var barrier: Double?
        let isTruth: Bool
        let isRepeated: Bool
        let crossings: [Crossing]
    }

    struct Maximum: Encodable, Sendable {
        let position: Double
        let value: Double
        let curvature: Double
    }

    struct Axis: Encodable, Sendable {
        let name: String
        let unit: String
        let kind: String
        let holdsSymmetry: Bool
        let truth: Double
        let lower: Double
        let upper: Double
        let end: String
        @ExplicitNull var period: Double?
        let certificate: String
        /// Of the polynomial, where the certificate is exact.
        @ExplicitNull var degree: Int?
        /// Of the first sampling, where it is heuristic.
        @ExplicitNull var step: Double?
        let minima: [Minimum]
        let maxima: [Maximum]
        let clusters: [[Double]]
        let distinctMinima: Int
        let withinOnePercent: Int
        let withinFivePercent: Int
        let withinTwentyPercent: Int
        @ExplicitNull var basin: [Double]?
        let basinIsOpen: [Bool]
        /// From the truth to the nearer end of its basin.
        @ExplicitNull var basinReach: Double?
        @ExplicitNull var basinReachInAngstrom: Double?
        let negativeCurvatureShare: Double
        let lowest: Double
        let highest: Double
        /// Largest |f′| met, per unit of the parameter and per Å, and largest |f″| met.
        let lipschitz: Double
        let lipschitzPerAngstrom: Double
        let lipschitzOfDerivative: Double
        let verdict: String
        let evaluations: Int

        init(_ scan: AxisScan) {
            let axis = scan.axis
            (name, unit) = (axis.parameter.name, axis.parameter.unit)
            (kind, holdsSymmetry) = (axis.kind.rawValue, axis.holdsSymmetry)
            truth = axis.parameter.value
            (lower, upper) = (axis.domain.lowerBound, axis.domain.upperBound)
            (end, period) = (axis.ends.lower.rawValue, axis.period)
            certificate = scan.certificate.name
            switch scan.certificate {
            case .exact(let degree): (self.degree, step) = (degree, nil)
            case .bounded: (degree, step) = (nil, nil)
            case .heuristic(let step): (degree, self.step) = (nil, step)
            }
            minima = scan.minima.map {
                Minimum(
                    position: $0.position, value: $0.value, curvature: $0.curvature, depth: $0.depth,
                    barrier: $0.barrier.isFinite ? $0.barrier : nil, isTruth: $0.isTruth,
                    isRepeated: $0.isRepeated, crossings: $0.crossings.map(Crossing.init))
            }
            maxima = scan.maxima.map {
                Maximum(position: $0.position, value: $0.value, curvature: $0.curvature)
            }
            clusters = scan.clusters.map { [$0.lowerBound, $0.upperBound] }
            distinctMinima = scan.distinctMinima.count
            withinOnePercent = scan.minima(within: 0.01)
            withinFivePercent = scan.minima(within: 0.05)
            withinTwentyPercent = scan.minima(within: 0.2)
            basin = scan.basin.map { [$0.lowerBound, $0.upperBound] }
            basinIsOpen = [scan.isBasinOpen.lower, scan.isBasinOpen.upper]
            basinReach = scan.basinReach?.nearer
            basinReachInAngstrom = scan.basinReach.map { axis.length(of: $0.nearer) }
            negativeCurvatureShare = scan.negativeCurvatureShare
            (lowest, highest) = (scan.lowest, scan.highest)
            lipschitz = scan.largestSlope
            lipschitzPerAngstrom = scan.largestSlope * axis.parameter.scale
            lipschitzOfDerivative = scan.largestCurvature
            verdict = scan.verdict.rawValue
            evaluations = scan.evaluations
        }
    }

    struct Mode: Encodable, Sendable {
        let eigenvalue: Double
        let vector: [Double]
    }

    struct Hessian: Encodable, Sendable {
        let names: [String]
        let modes: [Mode]
    }

    let file: String
    let spaceGroup: SpaceGroupRow
    let objective: String
    let axes: [Axis]
    @ExplicitNull var hessian: Hessian?
    let seconds: Double
    /// Every number that decided what was seen; null where no axis was scanned.
    @ExplicitNull var settings: ScanSettings?
    private let combinations: [String]
    package var objectiveName: String { objective }

    private enum CodingKeys: String, CodingKey {
        case file, spaceGroup, objective, axes, hessian, seconds, settings
    }

    package init(
        file: String, structure: ReducedStructure, scans: [AxisScan], hessian: HessianSpectrum?,
        objective: String, seconds: Double
    ) {
        self.file = file
        spaceGroup = SpaceGroupRow(structure.spaceGroup)
        self.objective = objective
        axes = scans.map(Axis.init)
        self.hessian = hessian.map { spectrum in
            Hessian(
                names: spectrum.names,
                modes: spectrum.modes.map { Mode(eigenvalue: $0.eigenvalue, vector: $0.vector) })
        }
        combinations = hessian.map { spectrum in spectrum.modes.map(spectrum.combination) } ?? []
        self.seconds = seconds
        settings = scans.first?.axis.settings
    }

    package func json() throws -> String { try JSONDialect.line(self) }

    /// One row for each axis.
    package var table: TextTable {
        TextTable(
            columns: [
                .init("axis"), .init("from", alignment: .number), .init("to", alignment: .number),
                .init("ends by"), .init("minima", alignment: .number),
                .init("in 1/5/20 %", alignment: .number), .init("basin", alignment: .number),
                .init("basin", unit: "Å", alignment: .number),
                .init("concave", unit: "%", alignment: .number),
                .init("|f′| per Å", alignment: .number), .init("verdict"), .init("certificate"),
            ],
            rows: axes.map { axis in
                let open = axis.basinIsOpen.contains(true) ? "≥ " : ""
                return [
                    axis.unit.isEmpty ? axis.name : "\(axis.name)/\(axis.unit)", Self.number(axis.lower, 4),
                    Self.number(axis.upper, 4), axis.end, "\(axis.distinctMinima)",
                    "\(axis.withinOnePercent)/\(axis.withinFivePercent)/\(axis.withinTwentyPercent)",
                    axis.basinReach.map { open + Self.number($0, 4) } ?? "none",
                    axis.basinReachInAngstrom.map { open + Self.number($0, 3) } ?? "none",
                    Self.number(100 * axis.negativeCurvatureShare, 1),
                    String(format: "%.3g", axis.lipschitzPerAngstrom), axis.verdict,
                    axis.certificate + (axis.degree.map { ", degree \($0)" } ?? "")
                        + (axis.step.map { String(format: ", step %.2g", $0) } ?? ""),
                ]
            },
            note:
                "Minima that describe different crystals; those within 1, 5 and 20 % of the range above the best; the way from the truth to the nearer end of its basin; the share of the axis with negative curvature; the largest slope."
        )
    }

    /// The deepest false minima of an axis.
    package func minimaTable(_ index: Int) -> TextTable {
        let axis = axes[index]
        let shown = axis.minima.sorted { $0.value < $1.value }.prefix(12)
        return TextTable(
            columns: [
                .init(axis.name, unit: axis.unit, alignment: .number), .init("value", alignment: .number),
                .init("curvature", alignment: .number), .init("depth", alignment: .number),
                .init("barrier to the truth", alignment: .number), .init("what it is"),
            ],
            rows: shown.map { minimum in
                [
                    Self.number(minimum.position, 5), Self.value(minimum.value),
                    String(format: "%.3g", minimum.curvature), String(format: "%.3g", minimum.depth),
                    minimum.barrier.map { String(format: "%.3g", $0) } ?? "–",
                    minimum.isTruth
                        ? (minimum.isRepeated ? "the truth again" : "the truth")
                        : minimum.isRepeated
                            ? "an equivalent description"
                            : minimum.crossings.map(\.text).joined(separator: ", "),
                ]
            },
            note: axis.minima.count > shown.count
                ? "The \(shown.count) deepest of \(axis.minima.count)." : "")
    }

    /// One row for each width of the peaks.
    package static func widthsTable(_ scans: [AxisScan], widths: [Double]) -> TextTable {
        TextTable(
            columns: [
                .init("FWHM", unit: "°", alignment: .number), .init("minima", alignment: .number),
                .init("basin", alignment: .number), .init("concave", unit: "%", alignment: .number),
            ],
            rows: zip(scans, widths).map { scan, width in
                [
                    "\(width)", "\(scan.distinctMinima.count)",
                    scan.basinReach.map { number($0.nearer, 4) } ?? "none",
                    number(100 * scan.negativeCurvatureShare, 1),
                ]
            })
    }

    package var hessianTable: TextTable? {
        guard let hessian else { return nil }
        return TextTable(
            columns: [.init("eigenvalue", unit: "Å⁻²", alignment: .number), .init("combination")],
            rows: zip(hessian.modes, combinations).map { [String(format: "%.4g", $0.eigenvalue), $1] },
            note:
                "Of the objective at the truth, in variables of which a step of 1 moves an atom or a lattice point by about 1 Å; the stiffest first, components above a tenth."
        )
    }

    package var text: String {
        var parts = ["\(file)  \(spaceGroup.symbol)  \(objective)  \(axes.count) axes"]
        parts.append(table.padded)
        for (index, axis) in axes.enumerated() where axes.count == 1 || axis.distinctMinima > 1 {
            guard axes.count <= 3 else { break }
            let table = minimaTable(index)
            parts.append(table.padded)
            if !table.note.isEmpty { parts.append(table.note) }
        }
        if let table = hessianTable {
            parts.append("Hessian at the truth")
            parts.append(table.padded)
        }
        return parts.joined(separator: "\n")
    }

    /// What a reader should know before the tables.
    package var warnings: [String] {
        axes.compactMap { axis in
            axis.clusters.isEmpty
                ? nil
                : "\(axis.name): \(axis.clusters.count) cluster\(axis.clusters.count == 1 ? "" : "s") of stationary points closer than the scan tells apart"
        }
    }

    /// Of an objective; what rounding leaves of nothing at the truth is 0.
    static func value(_ value: Double) -> String {
        abs(value) < 1e-12 ? "0" : String(format: "%.5g", value)
    }

    private static func number(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}
