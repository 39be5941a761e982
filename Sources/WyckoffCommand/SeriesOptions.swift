import ArgumentParser
import Foundation
import Wyckoff

/// Further patterns of a series, and what changes along it.
struct SeriesOptions: ParsableArguments {
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Further patterns, measured one after the other: each refinement begins with what the one before ended with; with a folder as --output.",
            valueName: "patterns"), completion: .file())
    var series: [String] = []

    @Option(
        help: ArgumentHelp(
            "What the patterns were measured at, the first one's too. (default: the number that differs in the files' names, else 1, 2, …)",
            valueName: "300,320,…"))
    var seriesValues: String?

    @Option(help: "What these values are, for tables and plots.")
    var seriesName: String?

    func check() throws {
        guard !series.isEmpty || (seriesValues == nil && seriesName == nil) else {
            throw ValidationError("--series-values and --series-name go with --series")
        }
        _ = try NumberList.parse(
            seriesValues, option: "--series-values", counts: (series.count + 1)...(series.count + 1))
    }

    /// A value for each pattern, and its name.
    func values(first: String) throws -> (values: [Double], name: String) {
        let files = [first] + series
        if let given = try NumberList.parse(
            seriesValues, option: "--series-values", counts: files.count...files.count)
        {
            return (given, seriesName ?? "value")
        }
        if let found = Self.numbers(in: files) { return (found, seriesName ?? "number in the name") }
        return (files.indices.map { Double($0 + 1) }, seriesName ?? "pattern")
    }

    /// The one number of the files' names that differs from file to file; nil where there is none.
    static func numbers(in files: [String]) -> [Double]? {
        let lists = files.map { file in
            URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
                .split { !$0.isNumber && $0 != "." }.map { Double($0.trimmingCharacters(in: ["."])) }
        }
        guard let count = lists.first?.count, lists.allSatisfy({ $0.count == count }) else { return nil }
        let differing = (0..<count).filter { place in
            let values = lists.map { $0[place] }
            return values.allSatisfy { $0 != nil } && Set(values).count == files.count
        }
        guard differing.count == 1, let place = differing.first else { return nil }
        return lists.compactMap { $0[place] }
    }
}
