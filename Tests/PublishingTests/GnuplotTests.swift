import Foundation
import Publishing
import Testing

@Suite(.enabled(if: Gnuplot.executable() != nil, "gnuplot is not installed")) struct GnuplotTests {
    @Test func aBrokenScriptIsReportedWithItsName() throws {
        try withFolder { folder in
            let script = folder.appendingPathComponent("bad.gnuplot")
            try AtomicFile.write("plot nonsense(\n", to: script)
            let error = #expect(throws: PictureError.self) { try Gnuplot.run(script: script) }
            #expect(error?.description.hasPrefix(script.path) == true)
        }
    }
}
