import NumericalMethods
import Testing

@Suite("Wilson's interval") struct WilsonIntervalTests {
    /// From Newcombe, Statistics in Medicine 17 (1998) 857: 81 of 263 is 0.2553 to 0.3662, 0 of
    /// 20 is 0 to 0.1611, 1 of 29 is 0.0061 to 0.1718.
    @Test(
        "as published",
        arguments: [
            (81, 263, 0.2553, 0.3662), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718), (29, 29, 0.8830, 1),
        ])
    func published(successes: Int, trials: Int, low: Double, high: Double) {
        let bounds = WilsonInterval(successes, of: trials).bounds
        #expect(abs(bounds.lowerBound - low) < 5e-5 && abs(bounds.upperBound - high) < 5e-5)
    }

    @Test("the share lies inside, and without a trial nothing is known")
    func inside() {
        for trials in 1...30 {
            for successes in 0...trials {
                let interval = WilsonInterval(successes, of: trials)
                #expect(interval.bounds.contains(interval.share))
            }
        }
        #expect(WilsonInterval(0, of: 0).bounds == 0...1)
    }
}
