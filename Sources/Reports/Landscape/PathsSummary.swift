import Foundation
import Publishing
import Studies

/// Where each path ended, for machines and for readers.
package struct PathsSummary: Encodable {
    struct Path: Encodable {
        let method: String
        let axes: [String]
        let points: [[Double]]
        let isJump: Bool
        let matched: Bool
        let exact: Bool
        let cosine: Double
        let cellError: Double
        let note: String
    }

    let file: String
    let axes: [String]
    let paths: [Path]

    package init(file: String, axes: [String], paths: [OptimiserPath]) {
        self.file = file
        self.axes = axes
        self.paths = paths.map { path in
            Path(
                method: path.name, axes: axes, points: path.points.map { [$0.x, $0.y] }, isJump: path.isJump,
                matched: path.measures.matched, exact: path.measures.exact, cosine: path.measures.cosine,
                cellError: path.measures.cellError, note: path.note)
        }
    }

    package func json() throws -> String { try JSONDialect.line(self) }

    package var table: TextTable {
        let columns: [TextTable.Column] =
            [.init("method")] + axes.map { .init($0, alignment: .number) } + [
                .init("cosine", alignment: .number), .init("match"), .init("exact"), .init("note"),
            ]
        return TextTable(
            columns: columns,
            rows: paths.map { path in
                let end = path.points.last ?? []
                return [path.method] + end.map { String(format: "%.4f", $0) } + [
                    String(format: "%.4f", path.cosine), path.matched ? "yes" : "no",
                    path.exact ? "yes" : "no",
                    path.note,
                ]
            })
    }

    package var text: String { TextTable.padded(table.columns.map(\.name), table.rows) }
}
