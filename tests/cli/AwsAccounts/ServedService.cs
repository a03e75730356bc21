using Deployer.Cli.Tests.Rehearsals;

namespace Deployer.Cli.Tests.AwsAccounts;

/// <summary>A small service and its accounts, served.</summary>
[CollectionDefinition(nameof(ServedService))]
public sealed class ServedService() : ServedAccounts(new SmallService().Folder), ICollectionFixture<ServedService>;
