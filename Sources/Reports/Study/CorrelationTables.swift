import Publishing
import Studies

/// What each similarity says about the structural distance: over all end points of a study, by crystal system and by arm.
struct CorrelationTables {
    private let whole: [SimilarityCorrelation]
    private let groups: [(kind: String, name: String, correlations: [SimilarityCorrelation])]

    init(_ summary: StudySummary) {
        whole = Self.correlations(of: summary.runs, neighbours: [3, 5, 10], permutations: 99)
        let systems = Dictionary(grouping: summary.runs, by: \.crystalSystem).sorted { $0.key < $1.key }
        let arms = Dictionary(grouping: summary.runs, by: \.armName).sorted { $0.key < $1.key }
        let all =
            systems.map { (kind: "crystal system", name: $0.key, runs: $0.value) }
            + arms.map { (kind: "arm", name: $0.key, runs: $0.value) }
        groups = all.map {
            ($0.kind, $0.name, Self.correlations(of: $0.runs, neighbours: [3], permutations: 0))
        }
    }

    private static func correlations(
        of runs: [RecoveryRun], neighbours: [Int], permutations: Int
    ) -> [SimilarityCorrelation] {
        func correlation(
            _ name: String, _ value: (RecoveryMeasures) -> Double
        ) -> SimilarityCorrelation? {
            SimilarityCorrelation(
                name, of: runs, neighbours: neighbours, permutations: permutations, value: value)
        }
        return [
            correlation("cosine", \.cosine), correlation("entropy", \.entropy),
            correlation("mse", \.meanSquaredError),
        ].compactMap { $0 }
    }

    /// All tables, as the report shows them.
    var tables: [TextTable] { [correlation, information, byGroup] }

    private var correlation: TextTable {
        TextTable(
            columns: [
                .init("similarity"), .init("end points", alignment: .number),
                .init("structures", alignment: .number), .init("Pearson", alignment: .number),
                .init("Spearman", alignment: .number), .init("Kendall", alignment: .number),
            ],
            rows: whole.map {
                [
                    $0.similarity, "\($0.points)", "\($0.structures)", Self.text($0.pearson),
                    Self.text($0.spearman), Self.text($0.kendall),
                ]
            },
            note:
                "Against the structural distance, all arms together; 95 % bootstrap intervals over structures."
        )
    }

    private var information: TextTable {
        TextTable(
            columns: [
                .init("similarity"), .init("k", alignment: .number),
                .init("mutual information", unit: "nat", alignment: .number),
                .init("permuted: mean", alignment: .number), .init("permuted: largest", alignment: .number),
                .init("p", alignment: .number), .init("bias, Gaussians ρ 0", alignment: .number),
                .init("bias, ρ 0.9", alignment: .number),
            ],
            rows: whole.flatMap { correlation in
                correlation.information.map { i in
                    let null = [i.null?.mean, i.null?.maximum, i.null?.p, i.null?.biasAt0, i.null?.biasAt09]
                    return [correlation.similarity, "\(i.k)", StudyNumber.text(i.value, 3)]
                        + null.map { StudyNumber.text($0 ?? .nan, 3) }
                }
            }, note: "With the structural distance (KSG, on ranks); 99 permutations.")
    }

    private var byGroup: TextTable {
        TextTable(
            columns: [
                .init("of"), .init("runs of"), .init("similarity"), .init("end points", alignment: .number),
                .init("structures", alignment: .number), .init("Spearman", alignment: .number),
                .init("Kendall", alignment: .number),
                .init("mutual information", unit: "nat", alignment: .number),
            ],
            rows: groups.flatMap { group in
                group.correlations.map { correlation in
                    [
                        group.kind, group.name, correlation.similarity, "\(correlation.points)",
                        "\(correlation.structures)", Self.text(correlation.spearman),
                        Self.text(correlation.kendall),
                        StudyNumber.text(correlation.information.first?.value ?? .nan, 3),
                    ]
                }
            },
            note:
                "Groups of fewer than 20 end points are left out; k = 3; a dash where one side never varies.")
    }

    private static func text(_ estimate: SimilarityCorrelation.Estimate) -> String {
        guard let interval = estimate.interval else { return "–" }
        return StudyNumber.text(estimate.value, 2) + " [" + StudyNumber.text(interval.lowerBound, 2)
            + ", "
            + StudyNumber.text(interval.upperBound, 2) + "]"
    }
}
