using Deployer.Rehearsal.Datomic.Edn;

namespace Deployer.Rehearsal.Tests.Datomic.Edn;

public sealed class EdnReaderTests
{
    [Theory]
    [InlineData("{:op :push}", "{:op :push}")]
    [InlineData("{:op :deploy, :group inventory-dev :rev \"6468\"}", "{:op :deploy, :group inventory-dev, :rev \"6468\"}")]
    [InlineData(
        "{:a [1 2.5 nil true] ; words\n :b #{x}, :c (1 #_2 3) :d #inst \"2040\"}",
        "{:a [1 2.5 nil true], :b [x], :c (1 3), :d \"2040\"}"
    )]
    [InlineData("{\"a \\\"b\\\"\\n\" \"\\\\\"}", "{\"a \\\"b\\\"\\n\" \"\\\\\"}")]
    [InlineData("{:mvn/version \"1.0\"}", "#:mvn{:version \"1.0\"}")]
    [InlineData("{org.clojure/a 1 org.clojure/b 2}", "#:org.clojure{a 1, b 2}")]
    [InlineData("#:mvn{:version \"1.0\"}", "#:mvn{:version \"1.0\"}")]
    [InlineData("{org.clojure/a 1 b 2}", "{org.clojure/a 1, b 2}")]
    public void What_is_read_is_printed_as_Clojure_prints_it(string text, string printed) =>
        EdnWriter.Write(EdnReader.ReadMap(text)).ShouldBe(printed);

    [Theory]
    [InlineData("[1]")]
    [InlineData("{:a}")]
    [InlineData("{:a 1")]
    [InlineData("{:a 1} {:b 2}")]
    [InlineData("{:a )}")]
    [InlineData("")]
    public void Anything_but_one_whole_map_is_refused(string text) => Should.Throw<FormatException>(() => EdnReader.ReadMap(text));
}
