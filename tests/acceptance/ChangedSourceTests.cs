using System.IO.Compression;
using Amazon.S3.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Somebody who may write into the deployer's bucket exchanges the files of a deployment, between two of its steps. Each task reads them
/// anew.
/// </summary>
public sealed class ChangedSourceTests
{
    [Fact]
    public async Task Files_that_were_exchanged_are_not_deployed_and_a_new_deployment_puts_the_right_ones_back()
    {
        using var state = new TemporaryFolder();
        string execution;
        await using (var failing = await SimulatedAccounts.Open(state.Path, "stack-rolls-back"))
        {
            execution = (await failing.Deploy()).Deployment!;
        }

        await using var accounts = await SimulatedAccounts.Open(state.Path);
        await Exchange(accounts);

        var failed = await accounts.Redrive(execution);

        failed.Verdict.ShouldBe(Verdict.Failed);
        failed.Error.ShouldBe("SourceChangedException");
        failed.Cause!.ShouldContain("was changed after the deployment began");
        failed.LocksHeld.ShouldBe(0);

        var report = await accounts.Deploy();

        report.Verdict.ShouldBe(Verdict.Succeeded);
    }

    private static async Task Exchange(SimulatedAccounts accounts)
    {
        const string Bucket = "deployer-dev-222222222222";
        var listed = await accounts.Tools.S3.ListObjectsV2Async(
            new ListObjectsV2Request { BucketName = Bucket, Prefix = "sources/inventory/" },
            TestContext.Current.CancellationToken
        );
        var key = listed.S3Objects.ShouldHaveSingleItem().Key;
        using var zip = new MemoryStream();
        using (var source = await accounts.Tools.S3.GetObjectAsync(Bucket, key, TestContext.Current.CancellationToken))
        {
            await source.ResponseStream.CopyToAsync(zip, TestContext.Current.CancellationToken);
        }

        await using (var archive = await ZipArchive.CreateAsync(zip, ZipArchiveMode.Update, leaveOpen: true, entryNameEncoding: null))
        {
            await using var template = new StreamWriter(await archive.CreateEntry("infra/added.yaml").OpenAsync());
            await template.WriteAsync("Resources: {}");
        }

        zip.Position = 0;
        await accounts.Tools.S3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = Bucket,
                Key = key,
                InputStream = zip,
                AutoCloseStream = false,
            },
            TestContext.Current.CancellationToken
        );
    }
}
