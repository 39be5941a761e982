import Foundation
import Landscape
import Parameterization
import Publishing

/// What a map of a landscape shows, for machines and for readers.
package struct MapSummary: Encodable, Sendable {
    struct Axis: Encodable, Sendable {
        let name: String
        let unit: String
        let truth: Double
        let lower: Double
        let upper: Double
        let points: Int
    }

    struct Minimum: Encodable, Sendable {
        let x: Double
        let y: Double
        let value: Double
        /// False where it lies at the rim and may be the slope of a deeper one outside.
        let isInside: Bool
        /// Share of the map that flows to it over the grid.
        let basin: Double
    }

    let file: String
    let spaceGroup: SpaceGroupRow
    let holdsSymmetry: Bool
    let objective: String
    let axes: [Axis]
    /// The deepest first.
    let minima: [Minimum]
    /// The grid minimum that the truth lies in or next to; null where there is none.
    @ExplicitNull var truthMinimum: Int?
    let convexShare: Double
    let lowest: Double
    let highest: Double
    let seconds: Double

    package init(
        file: String, structure: ReducedStructure, plane: LandscapePlane, map: LandscapeMap,
        objective: String, seconds: Double
    ) {
        self.file = file
        spaceGroup = SpaceGroupRow(plane.structure.spaceGroup)
        holdsSymmetry = plane.structure.spaceGroup == structure.spaceGroup
        self.objective = objective
        axes = zip([plane.x, plane.y], [map.x, map.y]).map { parameter, values in
            Axis(
                name: parameter.name, unit: parameter.unit, truth: parameter.value,
                lower: values.first ?? .nan, upper: values.last ?? .nan, points: values.count)
        }
        let count = Double(map.x.count * map.y.count)
        let places = map.minima
        minima = places.map { place in
            Minimum(
                x: map.x[place.column], y: map.y[place.row], value: map.values[place.row][place.column],
                isInside: map.isInside(place), basin: Double(map.basin(of: place).count) / count)
        }
        func steps(_ values: [Double], _ at: Double, _ truth: Double) -> Double {
            guard let first = values.first, let last = values.last, values.count > 1 else { return 0 }
            return abs(at - truth) / ((last - first) / Double(values.count - 1))
        }
        truthMinimum = minima.firstIndex {
            steps(map.x, $0.x, plane.x.value) < 1.5 && steps(map.y, $0.y, plane.y.value) < 1.5
        }
        convexShare = map.convexShare
        let finite = map.values.joined().filter(\.isFinite)
        (lowest, highest) = (finite.min() ?? .nan, finite.max() ?? .nan)
        self.seconds = seconds
    }

    package func json() throws -> String { try JSONDialect.line(self) }

    package var sentences: [String] {
        let inside = minima.count { $0.isInside }
        var list = [
            "\(minima.count) minima on the grid of \(axes[0].points) × \(axes[1].points) points, \(inside) of them inside the map; the Hessian is positive definite on \(percent(convexShare)) of it."
        ]
        if let truthMinimum {
            list.append(
                "From \(percent(minima[truthMinimum].basin)) of the map the way downhill over the grid leads to the truth."
            )
        } else {
            list.append("No minimum of the grid lies at the truth.")
        }
        if !holdsSymmetry {
            list.append("Sampled without symmetry: an axis lies outside the crystal family.")
        }
        return list
    }

    package var table: TextTable {
        let shown = minima.prefix(20)
        return TextTable(
            columns: axes.map { .init($0.name, unit: $0.unit, alignment: .number) } + [
                .init("value", alignment: .number), .init("basin", unit: "%", alignment: .number),
                .init("where"),
            ],
            rows: shown.enumerated().map { index, minimum in
                [
                    String(format: "%.4f", minimum.x), String(format: "%.4f", minimum.y),
                    ScanSummary.value(minimum.value), String(format: "%.1f", 100 * minimum.basin),
                    index == truthMinimum ? "the truth" : minimum.isInside ? "" : "at the rim",
                ]
            }, note: minima.count > shown.count ? "The \(shown.count) deepest of \(minima.count)." : "")
    }

    package var text: String {
        let header = "\(file)  \(spaceGroup.symbol)  \(objective) over \(axes[0].name), \(axes[1].name)"
        return
            ([header] + sentences.map { "  " + $0 } + [
                table.padded
            ]).joined(separator: "\n")
    }

    private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}

extension SurfacePlot {
    /// A map of a landscape with its truth and those of its minima that are no slope of the rim.
    ///
    /// - Parameter cutsWalls: whether the highest quarter of the values shares the last colour.
    package init(
        _ map: LandscapeMap, plane: LandscapePlane, title: String, valueName: String, paths: [Path] = [],
        cutsWalls: Bool = false
    ) {
        func axis(_ parameter: Parameter, _ values: [Double]) -> Axis {
            Axis(name: parameter.name, unit: parameter.unit, values: values)
        }
        self.init(
            title: title, x: axis(plane.x, map.x), y: axis(plane.y, map.y), values: map.values,
            valueName: valueName, truth: Point(x: plane.x.value, y: plane.y.value),
            minima: map.minima.filter(map.isInside).map { Point(x: map.x[$0.column], y: map.y[$0.row]) },
            paths: paths, highestColor: cutsWalls ? Self.upperQuartile(map.values) : nil)
    }

    /// Three quarters of the values lie below: what leaves colours for the valley of an energy beside its walls.
    private static func upperQuartile(_ values: [[Double]]) -> Double? {
        let sorted = values.joined().filter(\.isFinite).sorted()
        return sorted.isEmpty ? nil : sorted[sorted.count * 3 / 4]
    }
}
