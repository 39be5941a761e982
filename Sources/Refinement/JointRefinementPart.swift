import Crystallography
import Diffraction

extension JointRefinement {
    /// One measurement and the model of it.
    public struct Part: Sendable {
        /// What stands before its own parameters' names.
        public var name: String
        /// Its structures are those of the other parts.
        public var model: PowderModel
        /// What was measured.
        public var pattern: PowderPattern
        /// One for each point; 0 leaves a point out.
        public var weights: [Double]

        /// A pattern with its model and weights 1/σ², one for each angle.
        public init(name: String, model: PowderModel, pattern: PowderPattern, weights: [Double]) {
            (self.name, self.model, self.pattern, self.weights) = (name, model, pattern, weights)
        }

        /// Å, of the first line.
        public var wavelength: Double { model.instrument.radiation.wavelength }
    }
}
