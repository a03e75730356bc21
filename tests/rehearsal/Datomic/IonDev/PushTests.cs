using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Rehearsal.CodeDeploy;
using Deployer.Rehearsal.Datomic;
using Deployer.Rehearsal.Datomic.Edn;
using Deployer.Rehearsal.S3;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Tests.CodeDeploy;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.Datomic.IonDev;

public sealed class PushTests : IAsyncLifetime
{
    private readonly IonFolder _ions = new();
    private Fleet _fleet = null!;
    private TestAws _aws = null!;
    private Dictionary<string, string> _environment = [];

    public async ValueTask InitializeAsync()
    {
        _fleet = await Fleet.Start(prepare: fleet =>
        {
            fleet.World.Api.Register(new TaggingService(new BucketTags(fleet.World)));
            fleet.World.Api.Register(new S3Service(fleet.World));
            fleet.World.Api.Register(new CodeDeployService(fleet.Groups, fleet.Deployments));
        });
        _aws = TestAws.Over(_fleet.World);
        _environment = new()
        {
            ["AWS_ENDPOINT_URL"] = "http://aws.test",
            ["AWS_ACCESS_KEY_ID"] = Fleet.Account,
            ["AWS_SECRET_ACCESS_KEY"] = "not checked",
            ["AWS_REGION"] = Fleet.Region,
        };
        await AddCodeBucket("datomic-code-1");
    }

    public ValueTask DisposeAsync()
    {
        _ions.Dispose();
        return _fleet.DisposeAsync();
    }

    [Fact]
    public async Task A_clean_commit_is_pushed_under_its_sha()
    {
        var sha = _ions.Commit();

        var (exit, progress, answer) = await Run("{:op :push}");

        exit.ShouldBe(0);
        progress.ShouldContain($"Uploading datomic/apps/inventory/stable/{sha}.zip");
        answer["rev"].ShouldBe(sha);
        answer["uname"].ShouldBeNull();
        EdnWriter.Write(answer["deploy-groups"]).ShouldBe("(inventory-dev)");
        answer["deploy-command"].ShouldBe($"clojure -A:ion-dev '{{:op :deploy, :group inventory-dev, :rev \"{sha}\"}}'");
        EdnWriter
            .Write(answer["dependency-conflicts"])
            .ShouldStartWith("{:deps #:org.clojure{tools.reader #:mvn{:version \"1.4.2\"}}, :doc ");
        var registered = _fleet.Groups.Revisions(Fleet.Account, Fleet.Region, Fleet.Application).ShouldHaveSingleItem();
        registered.Bundle.ShouldBe(new Bundle("datomic-code-1", $"datomic/apps/inventory/stable/{sha}.zip", "zip"));
        (await Keys()).ShouldContain("datomic/libs/org/clojure/clojure/1.11.4/clojure-1.11.4.jar");
    }

    [Fact]
    public async Task Libraries_that_are_there_are_not_uploaded_again()
    {
        await Run("{:op :push}");

        var (_, progress, _) = await Run("{:op :push}");

        progress.ShouldNotContain("datomic/libs");
    }

    [Theory]
    [InlineData("dirty")]
    [InlineData("local root")]
    [InlineData("no git")]
    public async Task What_no_commit_names_needs_a_uname(string reason)
    {
        using var bare = new IonFolder(committed: false);
        var folder = reason == "no git" ? bare : _ions;
        if (reason == "dirty")
        {
            _ions.Write("src/new.clj", "(ns new)");
        }
        else if (reason == "local root")
        {
            _ions.Write("deps.edn", "{:paths [\"resources\"] :deps {a/b {:local/root \"../b\"}} :aliases {:ion-dev {}}}");
            _ions.Commit();
        }

        var (refusedExit, _, refused) = await Run("{:op :push}", folder);
        var (exit, _, answer) = await Run("{:op :push :uname wip}", folder);

        refusedExit.ShouldBe(1);
        Cause(refused)
            .ShouldBe("{:message \"You must either specify a uname or deploy from clean git commit\", :class IllegalArgumentException}");
        exit.ShouldBe(0);
        answer["uname"].ShouldBe("wip");
        answer["rev"].ShouldBeNull();
        (await Keys()).ShouldContain("datomic/apps/inventory/unrepro/wip.zip");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_code_bucket_has_to_be_the_only_one(bool several)
    {
        if (several)
        {
            await AddCodeBucket("datomic-code-2");
        }
        else
        {
            _environment["AWS_REGION"] = "eu-west-1";
        }

        var (exit, _, answer) = await Run("{:op :push}");

        exit.ShouldBe(1);
        answer["command-failed"].ShouldBe("{:op :push}");
        Cause(answer)
            .ShouldBe(
                "{:message \"Unable to find a unique code bucket. Make sure that you are running\\nDatomic Cloud in the region you are "
                    + "deploying to.\", "
                    + ":class ExceptionInfo, :data {\"datomic:code\" nil}}"
            );
    }

    [Fact]
    public async Task A_refusal_of_AWS_is_a_cause()
    {
        var session = await _aws.Session(Fleet.Account, "narrow", """{"Effect":"Allow","Action":"tag:GetResources","Resource":"*"}""");
        var credentials = await session.GetCredentialsAsync();
        _environment["AWS_ACCESS_KEY_ID"] = credentials.AccessKey;
        _environment["AWS_SESSION_TOKEN"] = credentials.Token;

        var (exit, _, answer) = await Run("{:op :push}");

        exit.ShouldBe(1);
        Cause(answer).ShouldContain("AccessDenied");
    }

    [Fact]
    public async Task The_same_files_make_the_same_zip()
    {
        await Run("{:op :push :uname one}");
        await Run("{:op :push :uname two}");

        var tags = await Objects();
        tags["datomic/apps/inventory/unrepro/one.zip"].ShouldBe(tags["datomic/apps/inventory/unrepro/two.zip"]);
    }

    [Fact]
    public async Task Without_the_alias_Clojure_takes_the_argument_for_a_file()
    {
        _ions.Write("deps.edn", "{:paths [\"resources\"]}");
        var error = new StringWriter();

        var exit = await SimulatedClojure.Run(["-A:ion-dev", "{:op :push}"], _ions.Path, _environment, TextWriter.Null, error);

        exit.ShouldBe(1);
        error.ToString().ShouldStartWith("WARNING: Specified aliases are undeclared: [:ion-dev]");
    }

    private static string Cause(EdnMap answer) => EdnWriter.Write(((EdnList)answer["causes"]!).Items.ShouldHaveSingleItem());

    private async Task<(int Exit, string Progress, EdnMap Answer)> Run(string argument, IonFolder? folder = null)
    {
        var output = new StringWriter();
        var exit = await SimulatedClojure.Run(
            ["-A:ion-dev", argument],
            (folder ?? _ions).Path,
            _environment,
            output,
            TextWriter.Null,
            _aws.Configure(new AmazonS3Config()).HttpClientFactory
        );
        var text = output.ToString();
        var map = text.IndexOf('{', StringComparison.Ordinal);
        return (exit, text[..map], EdnReader.ReadMap(text[map..]));
    }

    private async Task AddCodeBucket(string name) =>
        await _fleet.World.Do(() =>
            new Buckets(_fleet.World).Create(
                new Deployer.Rehearsal.S3.Bucket
                {
                    Name = name,
                    Account = Fleet.Account,
                    Region = Fleet.Region,
                    Tags = new Dictionary<string, string> { ["datomic:code"] = "true" },
                }
            )
        );

    private async Task<IEnumerable<string>> Keys() => (await Objects()).Keys;

    private async Task<Dictionary<string, string>> Objects()
    {
        using var s3 = new AmazonS3Client(TestAws.Root(Fleet.Account), _aws.Configure(new AmazonS3Config { ForcePathStyle = true }));
        var listed = await s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "datomic-code-1" });
        return listed.S3Objects.ToDictionary(found => found.Key, found => found.ETag);
    }
}
