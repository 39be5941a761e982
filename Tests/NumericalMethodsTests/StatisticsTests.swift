import NumericalMethods
import Testing

@Suite struct StatisticsTests {
    static let x = (0..<20).map { (i: Int) -> Double in Double(i * i * 7 % 23) }
    static let y = (0..<20).map { (i: Int) -> Double in Double((i * 13 + i * i * 3) % 19) }

    // scipy.stats.beta.ppf([0.025, 0.975], k + 0.5, n - k + 0.5)
    @Test(arguments: [
        (17, 50, 0.22057509310131848, 0.47735407634286), (1, 50, 0.0021664941752936335, 0.08968035105696404),
        (3, 400, 0.002116722217300859, 0.019878627795068687), (0, 50, 0, 0.048758459444071374),
        (50, 50, 0.9512415405559286, 1),
    ]) func jeffreysIntervalAgreesWithScipy(_ k: Int, _ n: Int, _ lower: Double, _ upper: Double) {
        let interval = Statistics.jeffreysInterval(successes: k, trials: n)
        #expect(isClose(interval.lowerBound, lower, 1e-11))
        #expect(isClose(interval.upperBound, upper, 1e-11))
    }

    // scipy.stats.pearsonr, spearmanr, kendalltau
    @Test func correlationsAgreeWithScipy() {
        #expect(isClose(Statistics.pearson(Self.x, Self.y), 0.16585911252373642))
        #expect(isClose(Statistics.spearman(Self.x, Self.y), -0.03598488978984211))
        #expect(isClose(Statistics.kendall(Self.x, Self.y), -0.04986321765758093))
    }

    // scipy.special.betainc(a, b, x)
    @Test(arguments: [
        (0.3, 0.5, 0.5, 0.36901011956554536), (0.9, 2, 3, 0.9963), (0.99, 50.5, 0.5, 0.31488476145081934),
        (0.25, 120, 380, 0.704226984727339),
    ]) func incompleteBetaAgreesWithScipy(_ x: Double, _ a: Double, _ b: Double, _ value: Double) {
        #expect(isClose(Statistics.regularizedBeta(x, a, b), value, 1e-11))
    }

    // numpy.quantile(x, [.1, .5, .9])
    @Test func quantilesAgreeWithNumpy() {
        #expect(isClose([0.1, 0.5, 0.9].map { Statistics.quantile(Self.x, $0) }, [6.8, 15, 21.1]))
        #expect(Statistics.median([]).isNaN)
    }
}
