import Design
import Evaluations
import Jobs
import Testing

/// What a chemist would look at: a success in every order of neighbours that lies near the hull.
@Suite("DesignInsight") struct DesignInsightTests {
    private func place(_ aboveHull: Double, competitors: Int = 4) -> ReferenceHull.Place {
        ReferenceHull.Place(aboveHull: aboveHull, decomposition: "", competitors: competitors)
    }

    @Test("without a hull, above it, or in some orders only a success is not believable")
    func believable() {
        var insight = DesignInsight(isSuccess: true)
        #expect(insight.isMetInAll && insight.isStable(within: 0.1) == nil)
        #expect(!insight.isBelievable(within: 0.1))
        insight.place = place(0.2)
        #expect(insight.isStable(within: 0.1) == false && !insight.isBelievable(within: 0.1))
        #expect(insight.isBelievable(within: .infinity))
        insight.place = place(0.05)
        #expect(insight.isBelievable(within: 0.1))
        insight.ties = TieSpread(values: [0...1], isMetInAll: false)
        #expect(!insight.isMetInAll && !insight.isBelievable(within: 0.1))
        #expect(!DesignInsight(isSuccess: false).isMetInAll)
    }

    @Test("fewer than three competitors make a thin hull")
    func thin() {
        #expect(place(0, competitors: 2).isThin && !place(0, competitors: 3).isThin)
    }
}
