import TestSupport
import Testing

/// What a conversion leaves behind that is ended in the middle.
struct InterruptedOutputTests {
  private static let model = SharedModels.packageRoot + "Samples/digits.onnx"

  /// The conversion is stopped while its temporary file stands, told to end, and let go on. Prints its exit status as the shell
  /// states it, and what is left.
  private static let script = """
    cd "$3" || exit 98
    for attempt in {1..200}; do
      "$0" convert "$1" -o out --quiet & child=$!
      until compgen -G ".ferry-*" > /dev/null || ! kill -0 $child 2> /dev/null; do :; done
      kill -STOP $child 2> /dev/null
      while read -r stat 2> /dev/null < /proc/$child/stat && [[ $stat != *") "[TZ]* ]]; do :; done
      if compgen -G ".ferry-*" > /dev/null; then
        kill -$2 $child
        kill -CONT $child
        wait $child 2> /dev/null
        echo $?
        ls -A
        exit 0
      fi
      kill -CONT $child 2> /dev/null
      wait $child
      rm -f out
    done
    exit 99
    """

  @Test(arguments: [("TERM", 143), ("HUP", 129), ("XCPU", 152)])
  func aSignalTakesTheTemporaryFileAlong(name: String, status: Int) {
    let folder = TemporaryFolder()
    let run = ToolRun.run("bash", ["-c", Self.script, ToolRun.builtProduct("ferry"), Self.model, name, folder.path])
    #expect(run.exitCode == 0, "\(run.errorText)")
    #expect(run.outputText == "\(status)\n")
    #expect(folder.entries.isEmpty)
  }

  @Test func anOutputBeyondTheLimitIsAnError() {
    let folder = TemporaryFolder()
    let run = ToolRun.run(
      "bash",
      [
        "-c", "ulimit -f 100; exec \"$0\" convert \"$1\" -o \"$2\"", ToolRun.builtProduct("ferry"), Self.model,
        folder.path("out"),
      ])
    #expect(run.exitCode == 74 && run.signal == nil, "\(run.errorText)")
    #expect(run.errorText.contains("cannot write it"))
    #expect(folder.entries.isEmpty)
  }
}
