using Amazon.CodeDeploy.Model;
using Deployer.Functions.Ions;

namespace Deployer.Functions.Tests.Ions;

public sealed class IonRevisionsTests
{
    [Theory]
    [InlineData("datomic/apps/inventory/stable/0123456789abcdef0123456789abcdef01234567.zip", "0123456789abcdef0123456789abcdef01234567")]
    [InlineData("datomic/apps/inventory/0123456789abcdef0123456789abcdef01234567.zip", "0123456789abcdef0123456789abcdef01234567")]
    [InlineData("datomic/apps/inventory/unrepro/my.name.zip", "my.name")]
    [InlineData("plain", "plain")]
    public void The_name_is_the_last_segment_whatever_the_folders(string key, string name) =>
        IonRevisions.Name(new RevisionLocation { S3Location = new S3Location { Key = key } }).ShouldBe(name);

    [Fact]
    public void A_revision_that_is_not_in_S3_has_no_name() => IonRevisions.Name(new RevisionLocation()).ShouldBeNull();
}
