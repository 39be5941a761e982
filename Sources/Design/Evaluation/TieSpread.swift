import Crystallography
import NumericalMethods
import Parameterization
import PropertyModels

/// What predictions owe to an accident: where CGCNN's limit of 12 neighbours cuts a shell of equal distances, its own code takes those that
/// the file has first.
///
/// The verdict by the worst case: a target that holds in some orders of the atoms only is met by accident.
package struct TieSpread: Sendable, Hashable {
    /// Lowest and highest value over the orders, one for each predictor.
    package var values: [ClosedRange<Double>]
    /// Every target and the gate hold in every order.
    package var isMetInAll: Bool

    package init(values: [ClosedRange<Double>], isMetInAll: Bool) {
        (self.values, self.isMetInAll) = (values, isMetInAll)
    }
}

extension DesignEvaluator {
    /// The predictions as CGCNN's own code makes them, in several orders of the atoms.
    ///
    /// - Returns: nil where no shell is cut, so that the order is of no account.
    package func tieSpread(_ candidate: DesignCandidate) throws -> TieSpread? {
        let whole = candidate.structure.expanded()
        guard NeighbourList(whole, ties: .reference).cutShells > 0 else { return nil }
        var random = RandomStream(seed: 1)
        var (low, high) = (candidate.values, candidate.values)
        var isMet = candidate.isSuccess
        for _ in 0..<problem.settings.judge.tieOrders {
            var shuffled = whole
            for k in shuffled.sites.indices.reversed() {
                shuffled.sites.swapAt(k, random.index(below: k + 1))
            }
            // Another origin turns the order of the images.
            let shift = SIMD3(random.uniform(), random.uniform(), random.uniform())
            for k in shuffled.sites.indices {
                let moved = shuffled.sites[k].position + shift
                shuffled.sites[k].position = moved - moved.rounded(.down)
            }
            let crystal = try MixedCrystal(shuffled, ties: .reference)
            let values = predictors.enumerated().map { index, predictor in
                predictor.dependsOnOrder
                    ? predictor.evaluate(crystal, gradient: false).value : candidate.values[index]
            }
            for k in values.indices { (low[k], high[k]) = (min(low[k], values[k]), max(high[k], values[k])) }
            isMet = isMet && loss.isMet(values)
        }
        return TieSpread(values: zip(low, high).map { $0...$1 }, isMetInAll: isMet)
    }
}
