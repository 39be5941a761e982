import Parameterization

extension InteratomicPotential {
    /// The evaluation; nil where atoms on top of each other or on their own have no energy, as a search meets them.
    ///
    /// - Throws: what is no answer: a client that died, an element that the potential does not know.
    package func evaluationIfPossible(_ structure: ReducedStructure) throws -> EnergyEvaluation? {
        do {
            return try evaluate(structure)
        } catch let error as EnergyError where error.isOfGeometry {
            return nil
        }
    }
}
