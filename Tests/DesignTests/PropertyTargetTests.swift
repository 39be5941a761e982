import Design
import Testing

@Suite struct PropertyTargetTests {
    @Test(arguments: [
        ("2.5±0.2", 2.3, 2.7), ("2.5+-0.2", 2.3, 2.7), ("<-0.5", -.infinity, -0.5), (">10", 10, .infinity),
        ("0.8:1.0", 0.8, 1.0), ("-1:-0.5*3", -1, -0.5), ("<−0.5", -.infinity, -0.5),
    ])
    func textsAreWindows(text: String, low: Double, high: Double) throws {
        let target = try PropertyTarget(text, property: "gap", option: "--gap")
        guard case .window(let range) = target.goal else {
            Issue.record("\(text) is no window")
            return
        }
        #expect(abs(range.lowerBound - low) < 1e-12 || range.lowerBound == low)
        #expect(abs(range.upperBound - high) < 1e-12 || range.upperBound == high)
    }

    @Test func extremesAndWeightsAreRead() throws {
        #expect(try PropertyTarget("min", property: "gap", option: "--gap").goal == .minimum)
        #expect(try PropertyTarget("max*2", property: "gap", option: "--gap").weight == 2)
    }

    @Test(arguments: ["", "2.5", "±", "2.5±-1", "<", ">x", "1:2:3", "3:2", "2.5±0.2*0", "nan:1", "<inf"])
    func otherTextsAreRefused(text: String) {
        #expect(throws: DesignError.self) { try PropertyTarget(text, property: "gap", option: "--gap") }
    }

    /// The miss is zero exactly inside of the window and grows by 1 for each scale outside.
    @Test func missesAreDistancesFromTheWindow() throws {
        let target = try PropertyTarget("2±0.5", property: "gap", option: "--gap")
        #expect(target.miss(2.5, scale: 0.5).miss == 0)
        #expect(abs(target.miss(3.5, scale: 0.5).miss - 2) < 1e-12)
        #expect(abs(target.miss(0.5, scale: 0.5).miss - 2) < 1e-12)
        #expect(target.miss(0.5, scale: 0.5).slope == -2)
    }

    /// 54 µB of 27 cells are 2 of one; what has no end keeps none.
    @Test func aSupercellsTargetIsItsCellsTimesTheirNumber() throws {
        let target = try PropertyTarget(">54", property: "magnetic-moment", option: "--magnetic-moment")
        let own = target.scaled(by: 1.0 / 27)
        #expect(own.isMet(2.01) && own.isMet(1e9) && !own.isMet(1.99))
        let extreme = try PropertyTarget("max", property: "gap", option: "--gap")
        #expect(extreme.scaled(by: 3) == extreme)
    }

    @Test func modulusTargetsAreLogarithms() throws {
        let target = try PropertyTarget("100:1000", property: "bulk-modulus", option: "--bulk-modulus")
            .logarithmic()
        #expect(target.isMet(2.5) && !target.isMet(1.9))
        #expect(throws: DesignError.self) {
            try PropertyTarget("<-3", property: "bulk-modulus", option: "--bulk-modulus").logarithmic()
        }
    }
}
